package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.faults.ParkingDataSource;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.state.RunState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A completion and a cancellation that meet in an order that the test chooses. */
class CompleteAgainstCancelTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String UPDATE = "UPDATE \"ledger_run\"";

    /** Lists the two ends that meet. */
    private enum End {
        COMPLETE(RunState.SUCCEEDED),
        CANCEL(RunState.CANCELLED);

        private final RunState state;

        End(RunState state) {
            this.state = state;
        }

        Transition of(RunId id, Ledger ledger) {
            return this == COMPLETE ? ledger.succeed(id) : ledger.cancel(id, "called off");
        }
    }

    @TempDir
    private Path folder;

    private ParkingDataSource parking;

    private TestStore opened(Database database) {
        return TestStore.open(database, folder, pool -> parking = new ParkingDataSource(pool));
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aCallThatIsHeldUpOnItsWayToTheDatabaseLoses(Database database) throws Exception {
        String first = database == Database.SQLITE ? "BEGIN IMMEDIATE" : UPDATE;
        int rounds = Rounds.of(50, 100);
        try (TestStore bench = opened(database)) {
            Ledger other = Ledgers.silent(JdbiRunStore.on(bench.pool()));
            for (int round = 0; round < 2 * rounds; round++) {
                End late = End.values()[round % 2];
                End early = End.values()[1 - round % 2];
                RunId id = bench.running("race");
                ParkingDataSource.Parked place = parking.park(sql -> sql.contains(first));
                CompletableFuture<Transition> parked = CompletableFuture.supplyAsync(() -> late.of(id, bench.ledger()));
                place.awaitArrival(LIMIT);
                Transition won = early.of(id, other);
                place.release();
                assertThatOneWon(bench, id, early, won, parked.get(20, TimeUnit.SECONDS));
            }
        }
        System.out.printf(
                "complete against cancel, %s: %d rounds in each order, 0 ends lost, 0 terminal states overwritten%n",
                database, rounds);
    }

    /** Lets the winner change the row without a commit, so that the loser waits for the row, or on SQLite for the file. */
    @ParameterizedTest
    @EnumSource(Database.class)
    void aCallThatWaitsForTheRowLosesOnceTheOtherIsCommitted(Database database) throws Exception {
        String first = database == Database.SQLITE ? "BEGIN IMMEDIATE" : UPDATE;
        int rounds = Rounds.of(50, 100);
        try (TestStore bench = opened(database)) {
            for (int round = 0; round < 2 * rounds; round++) {
                End late = End.values()[round % 2];
                End early = End.values()[1 - round % 2];
                RunId id = bench.running("race");
                try (Connection transaction = bench.pool().getConnection()) {
                    transaction.setAutoCommit(false);
                    Transition won;
                    CompletableFuture<Transition> waiting;
                    try (ConnectionUnit unit = bench.store().unit(transaction)) {
                        holdTheFile(database, transaction);
                        won = early.of(id, bench.ledger().in(unit));
                        ParkingDataSource.Parked place = parking.park(sql -> sql.contains(first));
                        waiting = CompletableFuture.supplyAsync(() -> late.of(id, bench.ledger()));
                        place.awaitArrival(LIMIT);
                        place.release();
                        awaitLock(database, bench);
                        transaction.commit();
                        unit.committed();
                    }
                    assertThatOneWon(bench, id, early, won, waiting.get(20, TimeUnit.SECONDS));
                }
            }
        }
        System.out.printf(
                "complete against cancel, %s, one waiting for the other: %d rounds in each order%n", database, rounds);
    }

    /** Checks that no other call gets between the read and the write of one. */
    @ParameterizedTest
    @MethodSource("ends")
    void onSqliteTheCallThatHasReadTheRunWinsAndTheOtherWaitsForIt(End early, End late) throws Exception {
        try (TestStore bench = opened(Database.SQLITE)) {
            Ledger other = Ledgers.silent(JdbiRunStore.on(bench.pool()));
            RunId id = bench.running("race");
            ParkingDataSource.Parked place = parking.park(sql -> sql.contains(UPDATE));
            CompletableFuture<Transition> parked = CompletableFuture.supplyAsync(() -> early.of(id, bench.ledger()));
            place.awaitArrival(LIMIT);
            CompletableFuture<Transition> waiting = CompletableFuture.supplyAsync(() -> late.of(id, other));
            assertThat(waiting.isDone()).isFalse();
            place.release();
            assertThatOneWon(bench, id, early, parked.get(20, TimeUnit.SECONDS), waiting.get(20, TimeUnit.SECONDS));
        }
    }

    static End[][] ends() {
        return new End[][] {{End.COMPLETE, End.CANCEL}, {End.CANCEL, End.COMPLETE}};
    }

    private static void assertThatOneWon(TestStore bench, RunId id, End winner, Transition won, Transition lost) {
        assertThat(won.isApplied()).isTrue();
        assertThat(won.orElseThrow().state()).isEqualTo(winner.state);
        assertThat(lost)
                .isInstanceOfSatisfying(
                        Transition.Rejected.class,
                        rejected -> assertThat(rejected.state()).isEqualTo(winner.state));
        assertThat(bench.store().history().run(id).orElseThrow().state()).isEqualTo(winner.state);
        assertThat(bench.store().history().events(id))
                .extracting(LedgerEvent::type)
                .containsExactly(
                        WorkflowRunEvent.QUEUED,
                        WorkflowRunEvent.RUNNING,
                        winner == End.COMPLETE ? WorkflowRunEvent.SUCCEEDED : WorkflowRunEvent.CANCELLED);
    }

    /** Does as the manual says: a transaction on SQLite that will write begins with a write. */
    private static void holdTheFile(Database database, Connection transaction) throws SQLException {
        if (database == Database.SQLITE) {
            try (var statement = transaction.createStatement()) {
                statement.executeUpdate("UPDATE ledger_run SET seq = seq WHERE id = 'absent'");
            }
        }
    }

    /** Waits until the loser waits. SQLite does not show it; there the loser is at its first statement, which cannot run yet. */
    private static void awaitLock(Database database, TestStore bench) {
        String waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        long start = System.nanoTime();
        while (database == Database.POSTGRESQL && bench.count(waiting) == 0) {
            assertThat(System.nanoTime() - start).isLessThan(LIMIT.toNanos());
            Thread.onSpinWait();
        }
    }
}
