/**
 * What a host's tests and whoever writes a store or a sink prove the contract with. {@link dev.runledger.testkit.LedgerExtension} gives each
 * test a strict {@link dev.runledger.testkit.LedgerKit}; {@link dev.runledger.testkit.LedgerAssertions} says what was told, and in which
 * {@link dev.runledger.testkit.Witness} it arrived.
 *
 * <p>{@link dev.runledger.testkit.RunStoreContract}, {@link dev.runledger.testkit.RunHistoryContract} and {@link
 * dev.runledger.testkit.EventSinkContract} are the suites that every store and every sink passes; {@link
 * dev.runledger.testkit.LedgerRules} holds a host's code to the library, and {@link dev.runledger.testkit.EventLines} a written line to the
 * JSON Schema.
 *
 * <p>Imports the whole of ledger-core. {@link dev.runledger.testkit.LogbackCapture}, {@link dev.runledger.testkit.MeterWitness} and {@link
 * dev.runledger.testkit.TelemetryWitness} each need a library that is optional here; nothing else touches them.
 */
@NullMarked
package dev.runledger.testkit;

import org.jspecify.annotations.NullMarked;
