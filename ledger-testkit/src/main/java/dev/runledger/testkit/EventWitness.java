package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Reads a place that keeps events as they are. */
record EventWitness(String name, Supplier<? extends Collection<LedgerEvent>> events, Predicate<LedgerEvent> keeps)
        implements Witness {
    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        return keeps.test(event) ? Optional.of(event.eventId()) : Optional.empty();
    }

    @Override
    public List<Sighting> sightings(List<LedgerEvent> emitted) {
        return events.get().stream()
                .map(event -> new Sighting(event.eventId(), event.fields()))
                .toList();
    }

    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        return events.get().stream().map(EventWitness::text).toList();
    }

    /** Returns everything that a sink can see of an event, as text. */
    static String text(LedgerEvent event) {
        StringBuilder text = new StringBuilder().append(event.fields()).append(event.context());
        for (Throwable cause = event.cause().orElse(null); cause != null; cause = cause.getCause()) {
            text.append('\n').append(cause);
            for (Throwable suppressed : cause.getSuppressed()) {
                text.append('\n').append(suppressed);
            }
        }
        return text.append('\n')
                .append(event.run().map(String::valueOf).orElse(""))
                .toString();
    }
}
