/** What telling a run costs, beside what a user would write instead. */
package dev.runledger.benchmarks;
