/**
 * The test kit, for tests of an application, of a store or of a sink. {@link dev.runledger.testkit.LedgerExtension} gives each test a
 * strict {@link dev.runledger.testkit.LedgerKit}; {@link dev.runledger.testkit.LedgerAssertions} verifies what was emitted, and in which
 * {@link dev.runledger.testkit.Witness} it arrived.
 *
 * <p>{@link dev.runledger.testkit.RunStoreContract}, {@link dev.runledger.testkit.RunHistoryContract} and {@link
 * dev.runledger.testkit.EventSinkContract} are the suites that every store and every sink passes. {@link dev.runledger.testkit.LedgerRules}
 * checks how an application uses the library, and {@link dev.runledger.testkit.EventLines} checks a line against the JSON Schema.
 *
 * <p>Imports all of ledger-core. {@link dev.runledger.testkit.LogbackCapture}, {@link dev.runledger.testkit.Log4jCapture}, {@link
 * dev.runledger.testkit.MeterWitness} and {@link dev.runledger.testkit.TelemetryWitness} each need a library that is optional here; nothing else touches them.
 */
@NullMarked
package dev.runledger.testkit;

import org.jspecify.annotations.NullMarked;
