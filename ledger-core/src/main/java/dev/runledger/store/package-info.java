/**
 * Where runs are kept: {@link dev.runledger.store.RunStore} decides and stores one {@link dev.runledger.store.Change} at a
 * time, {@link dev.runledger.store.RunHistory} reads what was stored.
 *
 * <p>Imports {@code dev.runledger.run}, {@code dev.runledger.event} and {@code dev.runledger.state}.
 */
@NullMarked
package dev.runledger.store;

import org.jspecify.annotations.NullMarked;
