package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
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

/** An application dies at a chosen point of a call: before the commit there is neither the state nor the event, after it both. */
@Timeout(600)
class HaltedHostTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<CallKind> EMITTED =
            Arrays.stream(CallKind.values()).filter(CallKind::isEmitted).toList();

    @TempDir
    private Path folder;

    /** One of the two databases, with the store that the next process would open. */
    private record Bench(StoreProfile profile, String url, Ledger ledger, JdbiRunStore store) {
        StoredHistory stored(RunId id) {
            return new StoredHistory(StoredRows.read(profile.plain(url), id.value())).comparedTo(store.history());
        }
    }

    private Bench bench(StoreProfile profile, String url) {
        JdbiRunStore store = JdbiRunStore.on(profile.plain(url));
        return new Bench(profile, url, Ledgers.silent(store), store);
    }

    @ParameterizedTest
    @EnumSource
    void anApplicationThatDiesInACallLeavesAllOfItOrNothing(Point point) {
        Bench postgres = bench(StoreProfile.POSTGRESQL, Servers.newest().newDatabase());
        Bench sqlite = bench(StoreProfile.SQLITE_SOURCE, "jdbc:sqlite:" + folder.resolve("runs.db"));
        int rounds = Rounds.of(3, 20);
        for (int round = 0; round < rounds; round++) {
            Bench bench = round % 2 == 0 ? postgres : sqlite;
            boolean importing = bench == postgres && (point == Point.BETWEEN_ROWS || point == Point.BEFORE_COMMIT);
            CallKind kind =
                    importing ? CallKind.IMPORT_RUN : EMITTED.get((7 * round + point.ordinal()) % EMITTED.size());
            halt(bench, point, kind, RunId.of("run%04d".formatted(round)));
        }
        System.out.printf(
                "halted hosts, %s: %d hosts dead, %d left %s, 0 left half, %d resolved by the same call%n",
                point, rounds, rounds, point.isStored() ? "both rows" : "neither row", rounds);
    }

    private static void halt(Bench bench, Point point, CallKind kind, RunId id) {
        kind.prepare(bench.ledger(), id);
        List<String> expected = new ArrayList<>(bench.stored(id).eventIds());
        try (HostProcess host = HostProcess.start(
                HaltingHost.class, bench.profile().name(), bench.url(), point.name(), kind.name(), id.value())) {
            assertThat(host.awaitExit(LIMIT)).as("%s: %s", kind, host.errors()).isEqualTo(HaltingHost.DEAD);
            assertThat(host.lines()).isEmpty();
        }
        Backends.awaitNone(bench.profile(), bench.url());
        if (point.isStored()) {
            expected.addAll(kind.events(id));
        }
        StoredHistory stored = bench.stored(id);
        assertThat(stored.faults()).as("%s", kind).isEmpty();
        assertThat(stored.eventIds()).as("%s", kind).containsExactlyInAnyOrderElementsOf(expected);
        Answer again = kind.call(bench.ledger(), id, HaltingHost.ONCE);
        assertThat(again)
                .isEqualTo(new Answer(!point.isStored(), kind.events(id).get(0)));
    }
}
