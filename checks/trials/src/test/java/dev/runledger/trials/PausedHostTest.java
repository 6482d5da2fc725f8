package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.faults.HostProcess;
import dev.runledger.faults.Rounds;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.operations.Operations;
import dev.runledger.run.NewRun;
import dev.runledger.run.Recovery;
import dev.runledger.run.RunId;
import dev.runledger.state.RunState;
import dev.runledger.store.LeaseStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real processes that are stopped and go on, and what operations make of their runs. */
class PausedHostTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private static StoreProfile profile(Database database) {
        return database == Database.POSTGRESQL ? StoreProfile.POSTGRESQL : StoreProfile.SQLITE_PATH;
    }

    /** A process that is paused for longer than its heartbeat allows loses its runs, and whatever it says of them later is rejected. */
    @ParameterizedTest
    @EnumSource(Database.class)
    void theLateEndOfAPausedProcessIsRejected(Database database) throws IOException {
        int runs = 100;
        Path gate = folder.resolve("gate");
        try (TestStore store = TestStore.open(database, folder);
                HostProcess host = start(database, store.url(), runs, gate)) {
            Ledger ledger = store.ledger();
            List<RunId> ids = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                ids.add(ledger.dispatch(NewRun.of(OperatingHost.LONG))
                        .orElseThrow()
                        .id());
            }
            await().atMost(LIMIT).until(() -> lines(host, "begun ") == runs);
            host.pause();
            try (Operations operations = OperatingHost.operations(ledger, 1).start()) {
                await().atMost(LIMIT)
                        .until(() -> operations.counters().recovered(Recovery.WORKER_LOST, "failed") == runs);
                await().atMost(LIMIT).until(() -> operations.counters().lostInstances() == 1);
                Files.createFile(gate);
                host.goOn();
                await().atMost(LIMIT).until(() -> lines(host, "ended ") == runs);
                assertThat(host.lines().stream().filter(line -> line.startsWith("ended ")))
                        .allMatch(line -> line.endsWith(" REJECTED"));
                assertThat(operations.counters().failures()).isZero();
            }
            assertThat(ids)
                    .allSatisfy(id -> assertThat(ledger.history().events(id))
                            .extracting(LedgerEvent::type)
                            .containsExactly(
                                    WorkflowRunEvent.QUEUED, WorkflowRunEvent.RUNNING, WorkflowRunEvent.FAILED));
            System.out.printf("paused host, %s: %d of %d late ends rejected%n", database, runs, runs);
        }
    }

    private static HostProcess start(Database database, String url, int workers, Path gate) {
        return HostProcess.start(
                OperatingHost.class, profile(database).name(), url, Integer.toString(workers), gate.toString());
    }

    private static long lines(HostProcess host, String start) {
        return host.lines().stream().filter(line -> line.startsWith(start)).count();
    }

    /** Two processes that are stopped again and again do all the work, none of it twice, and leave nothing stuck. */
    @ParameterizedTest
    @EnumSource(Database.class)
    void twoProcessesThatArePausedAtRandomLeaveNothingStuck(Database database) {
        long seed = new Random().nextInt(1_000_000);
        Random random = new Random(seed);
        int runs = Rounds.of(300, 10_000);
        Path gate = folder.resolve("none");
        try (TestStore store = TestStore.open(database, folder);
                HostProcess one = start(database, store.url(), 4, gate);
                HostProcess two = start(database, store.url(), 4, gate)) {
            List<NewRun> all = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                all.add(NewRun.of("short"));
            }
            assertThat(store.ledger().dispatchAll(all)).hasSize(runs);
            int pauses = 0;
            await().atMost(LIMIT).until(() -> lines(one, "begun ") > 0 && lines(two, "begun ") > 0);
            while (inFlight(store.ledger())) {
                HostProcess paused = random.nextBoolean() ? one : two;
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(400)).toNanos());
                paused.pause();
                pauses++;
                LockSupport.parkNanos(OperatingHost.LOST_AFTER
                        .plusMillis(random.nextInt(2_000))
                        .toNanos());
                paused.goOn();
                assertThat(one.alive() && two.alive())
                        .as("%s %s", one.errors(), two.errors())
                        .isTrue();
            }
            Map<String, Integer> applied = new HashMap<>();
            for (HostProcess host : List.of(one, two)) {
                host.lines().stream()
                        .filter(line -> line.endsWith(" APPLIED"))
                        .forEach(line -> applied.merge(line, 1, Integer::sum));
            }
            assertThat(applied)
                    .as("seed %s", seed)
                    .hasSize(runs)
                    .allSatisfy((line, times) -> assertThat(times).isOne());
            assertThat(store.count("ledger_event WHERE event = 'workflow.run.succeeded'"))
                    .isEqualTo(runs);
            System.out.printf(
                    "two paused hosts, %s: seed %d, %d runs, %d pauses, %d runs requeued, 0 doubled, 0 stuck%n",
                    database, seed, runs, pauses, store.count("ledger_event WHERE event = 'workflow.run.requeued'"));
        }
    }

    private static boolean inFlight(Ledger ledger) {
        RunHistory.Page page = ledger.history()
                .page(RunQuery.builder()
                        .states(RunState.QUEUED, RunState.RUNNING, RunState.SUSPENDED)
                        .limit(1)
                        .build());
        return !page.runs().isEmpty();
    }

    /** Processes whose clocks are ten minutes apart do not take each other for lost: leases and heartbeats go by the database. */
    @ParameterizedTest
    @EnumSource(Database.class)
    void clocksThatAreTenMinutesApartLoseNobody(Database database) {
        String url = TestStore.emptyDatabase(database, folder);
        List<Duration> offsets = List.of(Duration.ofMinutes(-10), Duration.ofMinutes(10));
        List<JdbiRunStore> stores =
                offsets.stream().map(offset -> skewed(database, url, offset)).toList();
        List<Ledger> ledgers = stores.stream().map(Ledgers::silent).toList();
        List<Operations> operations = ledgers.stream()
                .map(ledger -> Operations.builder(ledger)
                        .sweepEvery(Duration.ofSeconds(1))
                        .build()
                        .start())
                .toList();
        List<RunId> ids = new ArrayList<>();
        for (Ledger ledger : ledgers) {
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            ledger.start(id, "worker").orElseThrow();
            ids.add(id);
        }
        await().atMost(LIMIT)
                .until(() -> operations.stream()
                                .mapToLong(each -> each.counters().sweeps())
                                .sum()
                        >= 3);
        assertThat(operations).allSatisfy(each -> {
            assertThat(each.counters().lostInstances()).isZero();
            assertThat(each.counters().failures()).isZero();
        });
        assertThat(ledgers.get(0).maintenance().port(LeaseStore.class).instances())
                .isEqualTo(2);
        assertThat(ids)
                .allSatisfy(id -> assertThat(ledgers.get(0).history().state(id)).contains(RunState.RUNNING));
        operations.forEach(Operations::close);
        ledgers.forEach(Ledger::close);
        stores.forEach(JdbiRunStore::close);
    }

    private static JdbiRunStore skewed(Database database, String url, Duration offset) {
        InstantSource clock = () -> Instant.now().plus(offset);
        return JdbiRunStore.builder(profile(database).plain(url)).clock(clock).build();
    }
}
