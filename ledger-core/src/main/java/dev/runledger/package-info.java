/**
 * The face of the library: {@link dev.runledger.Ledger} for a host that lets the library keep its runs, and {@link
 * dev.runledger.WorkflowRunEvents} for a host that keeps its own tables and only wants them told.
 *
 * <p>This package may import every other; no package of this module imports it.
 */
@NullMarked
package dev.runledger;

import org.jspecify.annotations.NullMarked;
