/**
 * What surrounds the execution of a run. {@link dev.runledger.context.ContextCarrier} carries a context from the dispatch to the
 * execution; {@link dev.runledger.context.ExecutionInterceptor} is called around each execution.
 *
 * <p>Imports the packages {@code run} and {@code state} only.
 */
@NullMarked
package dev.runledger.context;

import org.jspecify.annotations.NullMarked;
