package dev.runledger.sink;

/**
 * What became of the events that one sink wanted.
 *
 * @param sink the sink's name
 * @param delivered how many it took
 * @param failed how many it threw on
 * @param dropped how many it was never given: the queue was full or closed, or the event came of a sink being told of another
 * @param pending how many wait in its queue
 */
public record SinkStatistics(String sink, long delivered, long failed, long dropped, long pending) {}
