package dev.runledger.examples.extending;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.RunId;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Keeps runs in a map. One writer at a time reads what stands, lets the library decide, and puts the result into the map. Readers take
 * no lock, because nothing that is in the map ever changes.
 *
 * <p>To keep runs elsewhere, replace the one method of {@link MapChanges} that writes to the map, and the reads of {@link
 * MapRunHistory}. The store looks through all runs for the one that is in the way, which is quick enough for some thousands.
 */
public final class MapRunStore implements RunStore, RunStatistics {
    private final Map<RunId, Kept> runs = new ConcurrentHashMap<>();
    private final Deque<LedgerEvent> refusals = new ConcurrentLinkedDeque<>();
    private final byte[] identityKey = new byte[32];
    private final InstantSource clock;
    private final MapChanges changes;

    /** Makes an empty store by this clock. */
    public MapRunStore(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.changes = new MapChanges(runs, refusals, clock);
        new SecureRandom().nextBytes(identityKey);
    }

    // snippet
    @Override
    public synchronized <O extends CallOutcome> O apply(StoreCommand<O> command) {
        return command.on(changes);
    }
    // end

    // snippet
    @Override
    public byte[] identityKey() {
        return identityKey.clone();
    }
    // end

    @Override
    public RunHistory history() {
        return new MapRunHistory(runs, refusals);
    }

    // snippet
    @Override
    public Snapshot snapshot(Duration failedWithin) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return Snapshot.of(runs.values().stream().map(Kept::run), now, failedWithin);
    }
    // end
}
