package dev.runledger.benchmarks;

import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The whole ledger, with no sink that wants its events: dispatch, start, succeed. */
final class LedgerPeer implements Peer {
    private final JdbiRunStore store;
    private final Ledger ledger;
    private final @Nullable Operations operations;

    private LedgerPeer(JdbiRunStore store) {
        this(store, false);
    }

    private LedgerPeer(JdbiRunStore store, boolean operated) {
        this.store = store;
        this.ledger = Ledger.builder().store(store).sink(new Deaf()).echo(false).build();
        this.operations = operated ? operations(ledger) : null;
    }

    private static Operations operations(Ledger ledger) {
        return Operations.builder(ledger)
                .policy(RunPolicy.defaults()
                        .queuedAtMost(Duration.ofHours(1))
                        .runningAtMost(Duration.ofHours(1))
                        .keep(Duration.ofDays(30)))
                .sweepEvery(Duration.ofSeconds(1)) // ten times as often as by default
                .removeEvery(Duration.ofSeconds(1))
                .build()
                .start();
    }

    /** With operations that sweep every second. */
    static LedgerPeer operated(DataSource pool) {
        return new LedgerPeer(JdbiRunStore.on(pool), true);
    }

    /** With operations that sweep every second. */
    static LedgerPeer operated(Path sqlite) {
        return new LedgerPeer(JdbiRunStore.sqlite(sqlite), true);
    }

    static LedgerPeer on(DataSource pool) {
        return new LedgerPeer(JdbiRunStore.on(pool));
    }

    /** Without group commit: each call is a statement and a commit of its own, however many come together. */
    static LedgerPeer eachCallAlone(DataSource pool) {
        return new LedgerPeer(JdbiRunStore.builder(pool).groupCommit(false).build());
    }

    static LedgerPeer on(Path sqlite) {
        return new LedgerPeer(JdbiRunStore.sqlite(sqlite));
    }

    static LedgerPeer eachCallAlone(Path sqlite) {
        return new LedgerPeer(JdbiRunStore.builder(sqlite).groupCommit(false).build());
    }

    JdbiRunStore store() {
        return store;
    }

    Ledger ledger() {
        return ledger;
    }

    @Override
    public void keep(Laps laps) {
        Requested requested = Requested.next();
        laps.start();
        Dispatch dispatch = ledger.dispatch(NewRun.of(requested.workflow())
                .target(requested.target())
                .trigger(Trigger.of("push").deliveryId(requested.deliveryId())));
        laps.lap();
        if (!(dispatch instanceof Dispatch.Queued queued)) {
            throw new IllegalStateException("not queued: " + dispatch);
        }
        RunId id = queued.run().id();
        applied(ledger.start(id, Life.WORKER));
        laps.lap();
        applied(ledger.succeed(id));
        laps.lap();
    }

    private static void applied(Transition transition) {
        if (!(transition instanceof Transition.Applied)) {
            throw new IllegalStateException("not applied: " + transition);
        }
    }

    @Override
    public Map<String, Long> evidence(long runs) {
        return Map.of(
                "SELECT count(*) FROM ledger_run WHERE state = 'SUCCEEDED'", runs,
                "SELECT count(*) FROM ledger_run", runs,
                "SELECT count(*) FROM ledger_event", runs * Life.TRANSITIONS);
    }

    @Override
    public void close() {
        if (operations != null) {
            operations.close();
        }
        ledger.close();
        store.close();
    }
}
