/**
 * What a run is: {@link dev.runledger.run.WorkflowRun} and its tasks as records, what a host hands in to make them, and the
 * sealed results that a call answers with.
 *
 * <p>Imports {@code dev.runledger.state}.
 */
@NullMarked
package dev.runledger.run;

import org.jspecify.annotations.NullMarked;
