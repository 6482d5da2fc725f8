/**
 * What is told: {@link dev.runledger.event.WorkflowRunEvent} and {@link dev.runledger.event.TaskRunEvent} are the
 * vocabulary, {@link dev.runledger.event.LedgerEvent} is one event, {@link dev.runledger.event.EventJson} its JSON form.
 *
 * <p>Imports {@code dev.runledger.run} and {@code dev.runledger.state}.
 */
@NullMarked
package dev.runledger.event;

import org.jspecify.annotations.NullMarked;
