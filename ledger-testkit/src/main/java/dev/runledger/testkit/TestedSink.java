package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sink and the way to see what has arrived where it sends to: what {@link EventSinkContract} is supplied with.
 *
 * <p>There is one factory for each thing that a destination can tell: everything that the events said, their ids, or how many of
 * each name there were. The contract asks for the most that there is. What reads the destination answers when everything that the
 * sink has taken is there; a sink that buffers is flushed by it. Immutable.
 */
public final class TestedSink {
    private final EventSink sink;
    private final Function<LedgerEvent, String> key;
    private final Supplier<Map<String, Long>> counts;
    private final @Nullable Supplier<List<Map<String, ?>>> fields;
    private final boolean dropsRepeats;
    private final @Nullable Callable<? extends AutoCloseable> stuck;

    private TestedSink(
            EventSink sink,
            Function<LedgerEvent, String> key,
            Supplier<Map<String, Long>> counts,
            @Nullable Supplier<List<Map<String, ?>>> fields,
            boolean dropsRepeats,
            @Nullable Callable<? extends AutoCloseable> stuck) {
        this.sink = Objects.requireNonNull(sink, "sink");
        this.key = key;
        this.counts = counts;
        this.fields = fields;
        this.dropsRepeats = dropsRepeats;
        this.stuck = stuck;
    }

    /**
     * A sink whose destination has every field of every event: a log, a file, a topic.
     *
     * @param arrived the fields of each event that is there, by their names; a destination of text may give every value as text
     */
    public static TestedSink withFields(
            EventSink sink, Supplier<? extends Collection<? extends Map<String, ?>>> arrived) {
        Supplier<List<Map<String, ?>>> fields = () -> List.copyOf(arrived.get());
        return new TestedSink(
                sink,
                LedgerEvent::eventId,
                () -> counted(fields.get().stream()
                        .map(event -> String.valueOf(event.get("eventId")))
                        .toList()),
                fields,
                false,
                null);
    }

    /** A sink whose destination has the id of every event and not all else: an index, an audit table. */
    public static TestedSink withIds(EventSink sink, Supplier<? extends Collection<String>> arrived) {
        return new TestedSink(sink, LedgerEvent::eventId, () -> counted(arrived.get()), null, false, null);
    }

    /** A sink that only counts: how many events of each name there were, such as {@code workflow.run.queued}. */
    public static TestedSink withCounts(EventSink sink, Supplier<? extends Map<String, ? extends Number>> arrived) {
        return new TestedSink(
                sink,
                LedgerEvent::eventName,
                () -> {
                    Map<String, Long> counts = new HashMap<>();
                    arrived.get().forEach((name, count) -> counts.put(name, count.longValue()));
                    counts.values().removeIf(count -> count == 0);
                    return counts;
                },
                null,
                false,
                null);
    }

    /** The same sink, which takes an event of an id that it has had for one, as a sink behind the relay wants to. */
    public TestedSink dropsRepeats() {
        return new TestedSink(sink, key, counts, fields, true, stuck);
    }

    /**
     * The same sink, with a way to have its destination hang: the call makes it, closing what it answers ends it. An inline sink
     * has to return meanwhile.
     */
    public TestedSink withBlockedDestination(Callable<? extends AutoCloseable> stuck) {
        return new TestedSink(sink, key, counts, fields, dropsRepeats, Objects.requireNonNull(stuck, "stuck"));
    }

    EventSink sink() {
        return sink;
    }

    String key(LedgerEvent event) {
        return key.apply(event);
    }

    Map<String, Long> arrived() {
        return counts.get();
    }

    /** The fields of everything that arrived, or null where the destination does not have them. */
    @Nullable
    List<Map<String, ?>> fields() {
        return fields == null ? null : fields.get();
    }

    boolean isDroppingRepeats() {
        return dropsRepeats;
    }

    @Nullable
    Callable<? extends AutoCloseable> stuck() {
        return stuck;
    }

    private static Map<String, Long> counted(Collection<String> keys) {
        Map<String, Long> counts = new HashMap<>();
        keys.forEach(key -> counts.merge(key, 1L, Long::sum));
        return counts;
    }
}
