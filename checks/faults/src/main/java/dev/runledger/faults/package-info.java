/**
 * Faults for tests: servers and processes that can be killed, networks and data sources that lose, park or fail what passes. Nothing here
 * knows Ledger, and nothing of it is published.
 */
package dev.runledger.faults;
