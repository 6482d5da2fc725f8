/**
 * The way in: {@link dev.runledger.Ledger} for an application that lets the library keep its runs, and {@link
 * dev.runledger.WorkflowRunEvents} for an application that keeps its own tables and only emits events.
 *
 * <p>Imports every other package of this module; none imports it.
 */
@NullMarked
package dev.runledger;

import org.jspecify.annotations.NullMarked;
