package dev.runledger.micrometer;

import dev.runledger.event.TaskRunEvent;
import dev.runledger.testkit.EventSinkContract;
import dev.runledger.testkit.TestedSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;

class MicrometerSinkContractTest extends EventSinkContract {
    @Override
    protected TestedSink newSink() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        return TestedSink.withCounts(MicrometerSink.of(registry), () -> counts(registry));
    }

    /** Events of runs have a counter by their names; those of tasks are the counts of other meters. */
    private static Map<String, Long> counts(SimpleMeterRegistry registry) {
        Map<String, Long> counts = new HashMap<>();
        for (Counter counter : registry.find("workflow.run.events").counters()) {
            add(counts, counter.getId().getTag("event"), counter.count());
        }
        for (Counter counter : registry.find("workflow.task.started").counters()) {
            add(counts, TaskRunEvent.STARTED.eventName(), counter.count());
        }
        for (Timer timer : registry.find("workflow.task.duration").timers()) {
            add(counts, "workflow.task." + timer.getId().getTag("outcome"), timer.count());
        }
        for (Counter counter : registry.find("workflow.task.retries").counters()) {
            add(counts, TaskRunEvent.RETRYING.eventName(), counter.count());
        }
        return counts;
    }

    private static void add(Map<String, Long> counts, String eventName, double count) {
        counts.merge(eventName, (long) count, Long::sum);
    }
}
