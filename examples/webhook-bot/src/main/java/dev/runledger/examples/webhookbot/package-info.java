/** A host application of Ledger: it receives GitHub webhook deliveries and runs workflows on its own queue and threads. */
package dev.runledger.examples.webhookbot;
