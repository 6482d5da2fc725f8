/**
 * What a host's tests and whoever writes a store prove the contract with: {@link dev.runledger.testkit.RunStoreContract} is the suite
 * that every store passes, {@link dev.runledger.testkit.RecordingSink} keeps what was told, {@link
 * dev.runledger.testkit.MutableClock} is a clock that a test moves.
 */
@NullMarked
package dev.runledger.testkit;

import org.jspecify.annotations.NullMarked;
