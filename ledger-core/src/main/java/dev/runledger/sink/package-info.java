/**
 * Who is told: {@link dev.runledger.sink.EventSink} is what a host implements, {@link dev.runledger.sink.Slf4jSink} writes
 * the log, {@link dev.runledger.sink.FanOut} tells several sinks and keeps them from hurting each other or the caller.
 *
 * <p>Imports {@code dev.runledger.event} and {@code dev.runledger.run}.
 */
@NullMarked
package dev.runledger.sink;

import org.jspecify.annotations.NullMarked;
