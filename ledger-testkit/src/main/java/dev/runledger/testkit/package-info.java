/**
 * What a host's tests and whoever writes a store or a sink prove the contract with: {@link dev.runledger.testkit.RunStoreContract} and
 * {@link dev.runledger.testkit.EventSinkContract} are the suites that every store and sink passes, {@link
 * dev.runledger.testkit.RecordingSink} keeps what was told, {@link dev.runledger.testkit.MutableClock} is a clock that a test moves.
 *
 * <p>{@link dev.runledger.testkit.LedgerRules} holds a host's code to the library, {@link dev.runledger.testkit.EventLines} a written line
 * to the JSON Schema.
 */
@NullMarked
package dev.runledger.testkit;

import org.jspecify.annotations.NullMarked;
