package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.event.Level;

/** The lines that a back end of the log prints for one logger, captured from all threads. Thread-safe. */
abstract class PrintedLines implements Witness, AutoCloseable {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Witness parsed = Witness.ofLines("log", () -> lines);

    /** Returns whether the logger prints what has this level. */
    abstract boolean isEnabled(Level level);

    /** Adds a line, without the space at its end. */
    final void add(String line) {
        lines.add(line.stripTrailing());
    }

    /** Returns the lines as they were printed, in order. */
    public final List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public final String name() {
        return parsed.name();
    }

    /** Returns the id of the event, or empty if the logger is off at its level. */
    @Override
    public final Optional<String> keyOf(LedgerEvent event) {
        return isEnabled(event.level()) ? parsed.keyOf(event) : Optional.empty();
    }

    @Override
    public final List<Sighting> sightings(List<LedgerEvent> emitted) {
        return parsed.sightings(emitted);
    }

    @Override
    public final List<String> texts(List<LedgerEvent> emitted) {
        return parsed.texts(emitted);
    }

    /** Removes the appender from the logger. */
    @Override
    public abstract void close();
}
