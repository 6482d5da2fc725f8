package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.faults.HostProcess;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.trials.CallKind.Answer;
import dev.runledger.trials.HaltingHost.Point;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A host dies at a marked point of a call: before the commit there is neither the state nor the event, and after it both. */
@Timeout(600)
class HaltedHostTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<CallKind> TOLD =
            Arrays.stream(CallKind.values()).filter(CallKind::isTold).toList();

    private final WorkflowRunEvents silent = WorkflowRunEvents.builder().build();

    @TempDir
    private Path folder;

    /** One of the two databases, with the store that the next host would open. */
    private record Kept(StoreProfile profile, String url, Ledger ledger, JdbiRunStore store) {
        StoredHistory stored(RunId id) {
            return new StoredHistory(StoredRows.read(profile.plain(url), id.value())).comparedTo(store.history());
        }
    }

    private Kept kept(StoreProfile profile, String url) {
        JdbiRunStore store = JdbiRunStore.on(profile.plain(url));
        Ledger ledger = Ledger.builder().store(store).events(silent).build();
        return new Kept(profile, url, ledger, store);
    }

    @ParameterizedTest
    @EnumSource
    void aHostThatDiesInACallLeavesAllOfItOrNothing(Point point) {
        Kept postgres = kept(StoreProfile.POSTGRESQL, Servers.newest().newDatabase());
        Kept sqlite = kept(StoreProfile.SQLITE_SOURCE, "jdbc:sqlite:" + folder.resolve("runs.db"));
        int rounds = Rounds.of(5, 20);
        for (int round = 0; round < rounds; round++) {
            Kept kept = round % 2 == 0 ? postgres : sqlite;
            boolean importing = kept == postgres && (point == Point.BETWEEN_ROWS || point == Point.BEFORE_COMMIT);
            CallKind kind = importing ? CallKind.IMPORT_RUN : TOLD.get((7 * round + point.ordinal()) % TOLD.size());
            halt(kept, point, kind, RunId.of("run%04d".formatted(round)));
        }
        silent.close();
        System.out.printf(
                "C5 %s: %d hosts dead, %d left %s, 0 left half, %d resolved by the same call%n",
                point, rounds, rounds, point.isStored() ? "both rows" : "neither row", rounds);
    }

    private static void halt(Kept kept, Point point, CallKind kind, RunId id) {
        kind.prepare(kept.ledger(), id);
        List<String> expected = new ArrayList<>(kept.stored(id).eventIds());
        try (HostProcess host = HostProcess.start(
                HaltingHost.class, kept.profile().name(), kept.url(), point.name(), kind.name(), id.value())) {
            assertThat(host.awaitExit(LIMIT)).as("%s: %s", kind, host.errors()).isEqualTo(HaltingHost.DEAD);
            assertThat(host.lines()).isEmpty();
        }
        Backends.awaitNone(kept.profile(), kept.url());
        if (point.isStored()) {
            expected.addAll(kind.events(id));
        }
        StoredHistory stored = kept.stored(id);
        assertThat(stored.faults()).as("%s", kind).isEmpty();
        assertThat(stored.eventIds()).as("%s", kind).containsExactlyInAnyOrderElementsOf(expected);
        Answer again = kind.call(kept.ledger().withTransitionId(HaltingHost.TRANSITION_ID), id);
        assertThat(again)
                .isEqualTo(new Answer(!point.isStored(), kind.events(id).get(0)));
    }
}
