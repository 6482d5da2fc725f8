package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a place that gives the ids of its events and nothing else. */
record IdWitness(String name, Supplier<? extends Collection<String>> eventIds) implements Witness {
    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        return Optional.of(event.eventId());
    }

    @Override
    public List<Sighting> sightings(List<LedgerEvent> emitted) {
        return eventIds.get().stream().map(id -> new Sighting(id, Map.of())).toList();
    }

    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        return List.copyOf(eventIds.get());
    }
}
