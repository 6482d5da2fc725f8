/** Measures what it costs to emit events and to keep runs, beside what a user would write or pick instead. */
package dev.runledger.benchmarks;
