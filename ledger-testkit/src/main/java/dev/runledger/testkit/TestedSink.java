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
 * A sink under test and the way to see what arrived at its destination. {@link EventSinkContract} is supplied with it.
 *
 * <p>There is one factory for each kind of destination: one that has all fields of the events, one that has their ids, and one that counts
 * them by name. The supplier returns once everything that the sink has taken is there; if the sink buffers, it flushes the sink. Immutable.
 */
public final class TestedSink {
    private final EventSink sink;
    private final Function<LedgerEvent, String> key;
    private final Supplier<Map<String, Long>> counts;
    private final @Nullable Supplier<List<Map<String, ?>>> fields;
    private final boolean dropsRepeats;
    private final @Nullable Callable<? extends AutoCloseable> blocking;

    private TestedSink(
            EventSink sink,
            Function<LedgerEvent, String> key,
            Supplier<Map<String, Long>> counts,
            @Nullable Supplier<List<Map<String, ?>>> fields,
            boolean dropsRepeats,
            @Nullable Callable<? extends AutoCloseable> blocking) {
        this.sink = Objects.requireNonNull(sink, "sink");
        this.key = key;
        this.counts = counts;
        this.fields = fields;
        this.dropsRepeats = dropsRepeats;
        this.blocking = blocking;
    }

    /**
     * Returns a sink whose destination has every field of every event: a log, a file, a topic.
     *
     * @param arrived the fields of each event that is there, by name; a destination of text may give every value as text
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

    /** Returns a sink whose destination has the id of every event but not all fields: an index, an audit table. */
    public static TestedSink withIds(EventSink sink, Supplier<? extends Collection<String>> arrived) {
        return new TestedSink(sink, LedgerEvent::eventId, () -> counted(arrived.get()), null, false, null);
    }

    /** Returns a sink that only counts: how many events of each name there were, such as {@code workflow.run.queued}. */
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

    /** Returns the same sink, which drops an event whose id it has had. */
    public TestedSink dropsRepeats() {
        return new TestedSink(sink, key, counts, fields, true, blocking);
    }

    /**
     * Returns the same sink, with a way to block its destination: the call blocks it, and closing the result ends the block. An inline sink
     * has to return meanwhile.
     */
    public TestedSink withBlockedDestination(Callable<? extends AutoCloseable> blocking) {
        return new TestedSink(sink, key, counts, fields, dropsRepeats, Objects.requireNonNull(blocking, "blocking"));
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

    /** Returns the fields of everything that arrived, or null if the destination does not have them. */
    @Nullable
    List<Map<String, ?>> fields() {
        return fields == null ? null : fields.get();
    }

    boolean isDroppingRepeats() {
        return dropsRepeats;
    }

    @Nullable
    Callable<? extends AutoCloseable> blocking() {
        return blocking;
    }

    private static Map<String, Long> counted(Collection<String> keys) {
        Map<String, Long> counts = new HashMap<>();
        keys.forEach(key -> counts.merge(key, 1L, Long::sum));
        return counts;
    }
}
