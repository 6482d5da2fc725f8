/** What telling a run and keeping it cost, beside what a user would write instead. */
package dev.runledger.benchmarks;
