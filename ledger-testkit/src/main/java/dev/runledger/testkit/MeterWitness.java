package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Reads the meters that count events from a registry, such as a {@code SimpleMeterRegistry}. Needs micrometer-core.
 *
 * <p>Meters have no ids, so they are held to their counts: runs by workflow, channel and event; tasks by first attempts, ended attempts and retries.
 * What was counted before this was made is left out, and so are workflows of which the test emitted nothing. Names beyond the cap of a
 * sink, which it counts as {@code other}, are not found.
 */
public final class MeterWitness implements Witness {
    private static final Set<String> COUNTED =
            Set.of("workflow.run.events", "workflow.task.started", "workflow.task.duration", "workflow.task.retries");

    /** The tags of the sink; any other is a common tag of the registry. */
    private static final Set<String> TAGS =
            Set.of("workflow", "event", "task", "kind", "outcome", "expected", "channel");

    private final MeterRegistry registry;
    private final Map<String, Long> before;

    private MeterWitness(MeterRegistry registry) {
        this.registry = registry;
        this.before = counts();
    }

    /** Returns a witness that reads this registry from now on. */
    public static MeterWitness of(MeterRegistry registry) {
        return new MeterWitness(registry);
    }

    @Override
    public String name() {
        return "meters";
    }

    /** Returns the meter, with its tags, that counts the event. A skipped task and progress are not counted. */
    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        if (!(event.type() instanceof TaskRunEvent type)) {
            return Optional.of(key("workflow.run.events", event, "event", event.eventName()));
        }
        return switch (type) {
            case STARTED -> Optional.of(key("workflow.task.started", event, "kind", kind(event)));
            case SUCCEEDED, FAILED ->
                Optional.of(key(
                        "workflow.task.duration",
                        event,
                        "task",
                        tag(event, EventField.TASK_NAME),
                        "kind",
                        kind(event),
                        "outcome",
                        type == TaskRunEvent.SUCCEEDED ? "succeeded" : "failed"));
            case RETRYING ->
                Optional.of(key(
                        "workflow.task.retries",
                        event,
                        "task",
                        tag(event, EventField.TASK_NAME),
                        "expected",
                        String.valueOf(event.get(EventField.RETRY_EXPECTED).equals(Optional.of(true)))));
            case SKIPPED, PROGRESS -> Optional.empty();
        };
    }

    @Override
    public List<Sighting> sightings(List<LedgerEvent> emitted) {
        Set<String> workflows =
                emitted.stream().map(event -> "workflow=" + workflow(event)).collect(Collectors.toSet());
        return counts().entrySet().stream()
                .filter(entry -> workflows.stream().anyMatch(tag -> hasTag(entry.getKey(), tag)))
                .flatMap(entry -> LongStream.range(before.getOrDefault(entry.getKey(), 0L), entry.getValue())
                        .mapToObj(i -> new Sighting(entry.getKey(), Map.of())))
                .toList();
    }

    /** Returns the names and tags of all meters of the registry. */
    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().toString())
                .toList();
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            if (COUNTED.contains(meter.getId().getName())) {
                Map<String, String> tags = new HashMap<>();
                meter.getId().getTags().stream()
                        .filter(tag -> TAGS.contains(tag.getKey()))
                        .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
                counts.merge(key(meter.getId().getName(), tags), count(meter), Long::sum);
            }
        }
        return counts;
    }

    private static long count(Meter meter) {
        return meter instanceof Timer timer
                ? timer.count()
                : meter instanceof Counter counter ? (long) counter.count() : 0;
    }

    private static boolean hasTag(String key, String tag) {
        return key.contains("{" + tag + ",") || key.contains(", " + tag + ",") || key.endsWith(", " + tag + "}");
    }

    private static String workflow(LedgerEvent event) {
        return tag(event, EventField.WORKFLOW_NAME);
    }

    private static String kind(LedgerEvent event) {
        return tag(event, EventField.TASK_KIND);
    }

    private static String tag(LedgerEvent event, EventField field) {
        return event.text(field).filter(text -> !text.isEmpty()).orElse("none");
    }

    private static String key(String meter, LedgerEvent event, String... tags) {
        Map<String, String> map = new HashMap<>();
        map.put("workflow", workflow(event));
        map.put(
                "channel",
                event.text(EventField.CHANNEL).filter("draft"::equals).orElse("live"));
        for (int i = 0; i < tags.length; i += 2) {
            map.put(tags[i], tags[i + 1]);
        }
        return key(meter, map);
    }

    /** Returns the meter with its tags in the order of their keys, like {@code meter{event=…, workflow=…}}. */
    private static String key(String meter, Map<String, String> tags) {
        return meter + new TreeMap<>(tags);
    }
}
