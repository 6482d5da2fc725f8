/**
 * The read side of a store. {@link dev.runledger.history.RunHistory} is the entry: runs, tasks, events and pages; {@link
 * dev.runledger.history.RunStatistics} counts.
 *
 * <p>Imports the packages {@code event}, {@code run}, {@code failure} and {@code state} only.
 */
@NullMarked
package dev.runledger.history;

import org.jspecify.annotations.NullMarked;
