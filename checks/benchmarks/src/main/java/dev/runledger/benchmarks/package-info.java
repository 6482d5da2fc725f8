/** Measures what it costs to emit events and to keep runs, beside what a user would write instead. */
package dev.runledger.benchmarks;
