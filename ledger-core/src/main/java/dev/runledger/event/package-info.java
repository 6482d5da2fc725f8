/**
 * The events: their vocabulary, their fields and their JSON form. {@link dev.runledger.event.WorkflowRunEvent} is the entry;
 * {@link dev.runledger.event.LedgerEvent} is what every sink receives.
 *
 * <p>Imports the packages {@code redact}, {@code run}, {@code failure} and {@code state} only.
 */
@NullMarked
package dev.runledger.event;

import org.jspecify.annotations.NullMarked;
