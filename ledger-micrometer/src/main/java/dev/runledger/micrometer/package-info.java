/**
 * Meters: {@link dev.runledger.micrometer.MicrometerSink} counts and times events, {@link dev.runledger.micrometer.LedgerMeters} shows
 * what waits in the store and how the ledger itself does, and {@link dev.runledger.micrometer.LedgerMeter} names all of them.
 *
 * <p>Imports the core and Micrometer only.
 */
@NullMarked
package dev.runledger.micrometer;

import org.jspecify.annotations.NullMarked;
