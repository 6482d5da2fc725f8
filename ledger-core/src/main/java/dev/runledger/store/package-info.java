/**
 * What a store is. {@link dev.runledger.store.RunStore} is the entry for those who write one: a sealed {@link
 * dev.runledger.store.StoreCommand} comes in, and {@link dev.runledger.store.Lifecycle} decides what it makes of a run.
 *
 * <p>Imports the packages {@code history}, {@code event}, {@code run}, {@code failure} and {@code state} only.
 */
@NullMarked
package dev.runledger.store;

import org.jspecify.annotations.NullMarked;
