/**
 * Runs and tasks: what an application asks for, what stands, and what a call came to. {@link dev.runledger.run.WorkflowRun} is the
 * entry; {@link dev.runledger.run.NewRun} asks for a run and {@link dev.runledger.run.Transition} is the result of a call.
 *
 * <p>Imports the packages {@code state} and {@code failure} only.
 */
@NullMarked
package dev.runledger.run;

import org.jspecify.annotations.NullMarked;
