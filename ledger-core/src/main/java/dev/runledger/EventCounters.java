package dev.runledger;

import dev.runledger.sink.SinkStatistics;
import java.util.List;

/**
 * What a {@link WorkflowRunEvents} has counted since it was built: nothing that goes wrong is hidden.
 *
 * @param sinks what became of the events, sink by sink
 * @param contractViolations how many events broke the contract and say so
 * @param redactions how many values were redacted
 * @param truncations how many values were cut or left out for their size
 * @param recursions how many events were dropped because a sink caused them while being told of one that a sink had caused
 * @param carrierFailures how often a context carrier threw
 * @param unbuilt how many events could not be built at all, for want of memory for example
 * @param untold how many events were not told since the transaction that made them was rolled back, or was not said to be committed
 */
public record EventCounters(
        List<SinkStatistics> sinks,
        long contractViolations,
        long redactions,
        long truncations,
        long recursions,
        long carrierFailures,
        long unbuilt,
        long untold) {
    /** Copies the list. */
    public EventCounters {
        sinks = List.copyOf(sinks);
    }

    /** What became of the events of the sink with this name; the first where several have it. */
    public SinkStatistics sink(String name) {
        return sinks.stream()
                .filter(sink -> sink.sink().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no sink '%s', there are %s"
                        .formatted(
                                name, sinks.stream().map(SinkStatistics::sink).toList())));
    }
}
