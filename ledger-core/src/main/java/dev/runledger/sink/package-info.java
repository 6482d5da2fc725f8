/**
 * Where events go. {@link dev.runledger.sink.EventSink} is the entry: implement it to deliver events to a destination. {@link
 * dev.runledger.sink.Slf4jSink} writes them to the log.
 *
 * <p>Imports the packages {@code event} and {@code redact} only.
 */
@NullMarked
package dev.runledger.sink;

import org.jspecify.annotations.NullMarked;
