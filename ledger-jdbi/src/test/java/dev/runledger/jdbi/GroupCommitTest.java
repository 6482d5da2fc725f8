package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.CountingDataSource;
import dev.runledger.faults.Crowd;
import dev.runledger.faults.Servers;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.StoreException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of many threads that come together. */
class GroupCommitTest {
    private static final int CALLERS = 32;
    private static final int LIVES = 20;

    private HikariDataSource pool;
    private CountingDataSource counting;
    private JdbiRunStore store;

    @BeforeEach
    void open() {
        pool = Servers.pool(Servers.newest().newDatabase(), 10);
        counting = new CountingDataSource(pool);
        store = JdbiRunStore.builder(counting).callBudget(Duration.ofMinutes(2)).build();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static StoreCommand.DispatchRun dispatch(RunId id, String target) {
        return new StoreCommand.DispatchRun(NewRun.of("review").id(id).target(target), Head.of());
    }

    private void life(RunId id) {
        assertThat(store.apply(dispatch(id, id.value()))).isInstanceOf(Dispatch.Queued.class);
        assertThat(store.apply(new RunChange.Start(id, "w", Head.of()))).isInstanceOf(Transition.Applied.class);
        assertThat(store.apply(new RunChange.Start(id, "late", Head.of()))).isInstanceOf(Transition.Rejected.class);
        assertThat(store.apply(new RunChange.Succeed(id, Head.of()))).isInstanceOf(Transition.Applied.class);
        assertThat(store.apply(new RunChange.Succeed(id, Head.of()))).isInstanceOf(Transition.AlreadyApplied.class);
    }

    private void livesOfTheOthers() throws Exception {
        try (Crowd crowd = new Crowd(CALLERS)) {
            assertThat(crowd.atOnce(number -> {
                        for (int i = 0; i < LIVES; i++) {
                            life(RunId.of(UUID.randomUUID().toString()));
                        }
                        return number;
                    }))
                    .hasSize(CALLERS);
        }
    }

    @Test
    void eachCallHasItsOwnOutcomeAndSomeShareAStatement() throws Exception {
        counting.reset();
        livesOfTheOthers();
        // how many calls come together is the machine's affair, and on a busy one some are made again alone
        assertThat(counting.statements()).anyMatch(sql -> sql.contains("q AS MATERIALIZED"));
    }

    @Test
    void aRowThatAnotherTransactionHoldsHoldsUpItsOwnCallAlone() throws Exception {
        RunId held = RunId.of("held");
        store.apply(dispatch(held, "t")).orElseThrow();
        try (Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM ledger_run WHERE id = 'held' FOR UPDATE");
            CompletableFuture<Transition> start =
                    CompletableFuture.supplyAsync(() -> store.apply(new RunChange.Start(held, "w", Head.of())));
            livesOfTheOthers();
            assertThat(start).isNotDone();
            other.rollback();
            assertThat(start.get(1, TimeUnit.MINUTES).isApplied()).isTrue();
        }
    }

    @Test
    void aGuardThatAnotherTransactionHoldsHoldsUpItsOwnDispatchAlone() throws Exception {
        try (Connection other = pool.getConnection()) {
            other.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(other)) {
                unit.store().apply(dispatch(RunId.of("first"), "t")).orElseThrow();
                CompletableFuture<Dispatch> second =
                        CompletableFuture.supplyAsync(() -> store.apply(dispatch(RunId.of("second"), "t")));
                livesOfTheOthers();
                assertThat(second).isNotDone();
                other.commit();
                unit.committed();
                assertThat(second.get(1, TimeUnit.MINUTES)).isInstanceOf(Dispatch.Refused.class);
            }
        }
    }

    @Test
    void aValueThatTheDatabaseDoesNotTakeFailsItsOwnCallAlone() throws Exception {
        try (Crowd crowd = new Crowd(CALLERS)) {
            for (int round = 0; round < LIVES; round++) {
                int current = round;
                List<String> outcomes = crowd.atOnce(number -> {
                    RunId id = RunId.of("r-" + current + "-" + number);
                    store.apply(dispatch(id, id.value())).orElseThrow();
                    try {
                        return store.apply(new RunChange.Start(id, number == 0 ? "a\0b" : "w", Head.of()))
                                .getClass()
                                .getSimpleName();
                    } catch (StoreException failed) {
                        return "failed";
                    }
                });
                assertThat(outcomes)
                        .startsWith("failed")
                        .filteredOn("Applied"::equals)
                        .hasSize(CALLERS - 1);
            }
        }
    }

    @Test
    void anInterruptOfOneCallerChangesNothingForTheOthersAndStays() throws Exception {
        try (Crowd crowd = new Crowd(CALLERS)) {
            List<Boolean> interrupted = crowd.atOnce(number -> {
                RunId id = RunId.of("i-" + number);
                store.apply(dispatch(id, id.value())).orElseThrow();
                if (number % 4 == 0) {
                    Thread.currentThread().interrupt();
                    try {
                        Transition ignored = store.apply(new RunChange.Start(id, "w", Head.of()));
                    } catch (StoreException noConnection) {
                        // a pool gives none to a thread that is interrupted and would have to wait
                    }
                    return Thread.interrupted();
                }
                assertThat(store.apply(new RunChange.Start(id, "w", Head.of())).isApplied())
                        .isTrue();
                return Thread.interrupted();
            });
            for (int number = 0; number < CALLERS; number++) {
                assertThat(interrupted.get(number)).isEqualTo(number % 4 == 0);
                if (number % 4 != 0) {
                    assertThat(store.history().state(RunId.of("i-" + number))).contains(RunState.RUNNING);
                }
            }
        }
    }

    @Test
    void aCallWhoseTimeIsOverWhileOthersAreMadeSaysWhetherItMayBeStored() throws Exception {
        JdbiRunStore hurried =
                JdbiRunStore.builder(pool).callBudget(Duration.ofMillis(300)).build();
        RunId held = RunId.of("held");
        store.apply(dispatch(held, "t")).orElseThrow();
        AtomicBoolean unknown = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM ledger_run WHERE id = 'held' FOR UPDATE");
            List<Future<Object>> calls = IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(() -> {
                        try {
                            return (Object) hurried.apply(new RunChange.Start(held, "w" + i, Head.of()));
                        } catch (StoreException failed) {
                            return failed;
                        }
                    }))
                    .toList();
            for (Future<Object> call : calls) {
                assertThat(call.get(1, TimeUnit.MINUTES))
                        .isInstanceOfSatisfying(
                                StoreException.class,
                                failed -> unknown.compareAndSet(
                                        false, failed.certainty() == StoreException.Certainty.UNKNOWN));
            }
            other.rollback();
        } finally {
            threads.shutdownNow();
        }
        if (!unknown.get()) {
            assertThat(store.history().state(held)).contains(RunState.QUEUED);
        }
    }

    // ---- many calls of one caller

    private static List<StoreCommand<Dispatch>> dispatches(int many) {
        return IntStream.range(0, many)
                .<StoreCommand<Dispatch>>mapToObj(i -> dispatch(RunId.of("r" + i), "t" + i))
                .toList();
    }

    @Test
    void manyDispatchesTakeAStatementForEach128OfThem() {
        counting.reset();
        List<Dispatch> outcomes = new ArrayList<>();
        store.applyAll(dispatches(1_000), (command, outcome) -> outcomes.add(outcome));
        assertThat(outcomes).hasSize(1_000).hasOnlyElementsOfType(Dispatch.Queued.class);
        assertThat(counting.statements()).hasSize(8);
    }

    @Test
    void whatFailsAmongManyCallsFailsAfterTheOthersWereHandedOver() {
        List<StoreCommand<Transition>> starts = new ArrayList<>();
        store.applyAll(dispatches(200), (command, outcome) -> {});
        for (int i = 0; i < 200; i++) {
            starts.add(new RunChange.Start(RunId.of("r" + i), i == 199 ? "a\0b" : "w", Head.of()));
        }
        List<Transition> outcomes = new ArrayList<>();
        assertThatThrownBy(() -> store.applyAll(starts, (command, outcome) -> outcomes.add(outcome)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("r199");
        assertThat(outcomes).hasSize(199).allMatch(Transition::isApplied);
    }

    @Test
    void aRowThatAnotherTransactionHoldsComesAfterTheOthers() throws Exception {
        store.applyAll(dispatches(100), (command, outcome) -> {});
        List<StoreCommand<Transition>> starts = IntStream.range(0, 100)
                .<StoreCommand<Transition>>mapToObj(i -> new RunChange.Start(RunId.of("r" + i), "w", Head.of()))
                .toList();
        BlockingQueue<String> started = new LinkedBlockingQueue<>();
        try (Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM ledger_run WHERE id = 'r0' FOR UPDATE");
            CompletableFuture<Void> all = CompletableFuture.runAsync(
                    () -> store.applyAll(starts, (command, outcome) -> started.add(command.subject())));
            for (int i = 0; i < 99; i++) {
                assertThat(started.poll(1, TimeUnit.MINUTES)).isNotEqualTo("r0");
            }
            other.rollback();
            all.get(1, TimeUnit.MINUTES);
            assertThat(started).containsExactly("r0");
        }
    }
}
