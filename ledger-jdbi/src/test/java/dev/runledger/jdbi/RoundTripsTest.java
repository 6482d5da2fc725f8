package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.failure.Failure;
import dev.runledger.faults.CountingDataSource;
import dev.runledger.faults.DurablePostgres;
import dev.runledger.faults.Servers;
import dev.runledger.faults.TcpProxy;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every transition that is applied is one statement and one round trip. */
class RoundTripsTest {
    private TcpProxy proxy;
    private HikariDataSource pool;
    private CountingDataSource counting;
    private JdbiRunStore store;
    private int measured;

    @BeforeEach
    void connect() {
        DurablePostgres server = Servers.newest();
        proxy = new TcpProxy("127.0.0.1", server.port());
        pool = Servers.pool(server.newDatabase().replace(":" + server.port() + "/", ":" + proxy.port() + "/"), 1);
        pool.getHikariConfigMXBean().setMinimumIdle(1);
        counting = new CountingDataSource(pool);
        store = JdbiRunStore.on(counting);
    }

    @AfterEach
    void disconnect() {
        pool.close();
        proxy.close();
    }

    /** Makes a call and returns whether it was applied. */
    @FunctionalInterface
    private interface Call {
        boolean applied();
    }

    private void assertThatItIsOneRoundTrip(String name, Call call) {
        counting.reset();
        long replies = proxy.replies();
        assertThat(call.applied()).as("%s is applied", name).isTrue();
        assertThat(counting.roundTrips()).as("statements of %s", name).isEqualTo(1);
        assertThat(proxy.replies() - replies).as("round trips of %s", name).isEqualTo(1);
        assertThat(counting.open()).as("connections left open by %s", name).isZero();
        measured++;
    }

    private boolean applied(StoreCommand<?> command) {
        return store.apply(command).result() == CallOutcome.Result.APPLIED;
    }

    private RunId queued(String target) {
        RunId id = newId();
        NewRun run = NewRun.of("review")
                .id(id)
                .target(target)
                .trigger(Trigger.of("push")
                        .deliveryId("d-" + id)
                        .payload(Payload.stored("{\"a\":1}", null, 7, null, false)))
                .oncePerDelivery(true);
        Head head = Head.of().idempotencyKey("dispatch-1");
        assertThatItIsOneRoundTrip("dispatch", () -> applied(new StoreCommand.DispatchRun(run, head)));
        return id;
    }

    private RunId running() {
        RunId id = queued(newId().value());
        Head head = Head.of().idempotencyKey("start-1");
        assertThatItIsOneRoundTrip("start", () -> applied(new RunChange.Start(id, "w", head)));
        return id;
    }

    private void everyTransition() {
        RunId id = running();
        Wait wait = Wait.of(Wait.Code.APPROVAL).correlationKey("k-" + id);
        Resumption approved = Resumption.of("approved", "ada").correlationKey("k-" + id);
        assertThatItIsOneRoundTrip("suspend", () -> applied(new RunChange.Suspend(id, wait, Head.of())));
        assertThatItIsOneRoundTrip("resume", () -> applied(new RunChange.Resume(id, approved, Head.of())));
        assertThatItIsOneRoundTrip("claim", () -> applied(new StoreCommand.ClaimRun(id, "w-2", Head.of())));
        everyTransitionOfATask(id);
        NewRun child = NewRun.of("review").id(newId()).parentRunId(id).target("child of " + id);
        assertThatItIsOneRoundTrip("handOff", () -> applied(new RunChange.HandOff(id, child, Head.of())));
        assertThatItIsOneRoundTrip("succeed", () -> applied(new RunChange.Succeed(id, Head.of())));

        RunId undone = running();
        assertThatItIsOneRoundTrip("incomplete", () -> applied(new RunChange.Incomplete(undone, "red", Head.of())));
        RunId owned = running();
        String claim = store.history().run(owned).orElseThrow().claimToken().orElseThrow();
        Head byOwner = Head.of().expectedClaim(claim).expectedSeq(2L);
        assertThatItIsOneRoundTrip("fail", () -> applied(new RunChange.Fail(owned, Failure.of("boom"), byOwner)));
        RunId interrupted = running();
        assertThatItIsOneRoundTrip("requeue", () -> applied(new RunChange.Requeue(interrupted, "deploy", Head.of())));
        RunId unwanted = running();
        assertThatItIsOneRoundTrip("cancel", () -> applied(new RunChange.Cancel(unwanted, "ada", Head.of())));
        RunId lost = queued("lost");
        assertThatItIsOneRoundTrip(
                "enqueueFailed", () -> applied(new RunChange.EnqueueFailed(lost, Failure.of("full"), Head.of())));
    }

    private void everyTransitionOfATask(RunId id) {
        NewTask task = NewTask.of("build").id(TaskId.of(newId().value()));
        TaskId taskId = task.id().orElseThrow();
        TaskRun.Result red = TaskRun.Result.tool(1, 99);
        TaskRun.Result green = TaskRun.Result.tool(0, 9);
        assertThatItIsOneRoundTrip("startTask", () -> applied(new TaskChange.Start(id, task, Head.of())));
        assertThatItIsOneRoundTrip(
                "failTask", () -> applied(new TaskChange.Fail(taskId, Failure.of("red"), red, Head.of())));
        assertThatItIsOneRoundTrip("retryTask", () -> applied(new TaskChange.Retry(taskId, Head.of())));
        assertThatItIsOneRoundTrip("succeedTask", () -> applied(new TaskChange.Succeed(taskId, green, Head.of())));
        NewTask unneeded = NewTask.of("deploy").id(TaskId.of(newId().value()));
        assertThatItIsOneRoundTrip("skipTask", () -> applied(new TaskChange.Skip(id, unneeded, "a draft", Head.of())));
    }

    private static RunId newId() {
        return RunId.of(UUID.randomUUID().toString());
    }

    @Test
    void aTransitionThatIsAppliedIsOneStatementAndOneRoundTrip() {
        for (int i = 0; i < 8; i++) { // from the fifth time on the driver prepares a statement on the server
            everyTransition();
        }
        System.out.printf("round trips: %d transitions, 1 statement and 1 round trip each%n", measured);
    }

    @Test
    void theEventsOfManyTasksAreReadTogether() {
        RunId id = running();
        for (int i = 0; i < 40; i++) {
            TaskId task = TaskId.of(id + "-" + i);
            assertThat(applied(new TaskChange.Start(id, NewTask.of("build").id(task), Head.of())))
                    .isTrue();
        }
        counting.reset();
        assertThat(store.history().events(id)).hasSize(2 + 40);
        assertThat(counting.roundTrips())
                .as("the run, its events, its tasks, their events")
                .isEqualTo(4);
    }

    @Test
    void aSlowNetworkIsWaitedForOnceATransition() {
        proxy.delay(Duration.ofMillis(200));
        RunId id = running();
        assertThatItIsOneRoundTrip("succeed", () -> applied(new RunChange.Succeed(id, Head.of())));
    }

    @Test
    void aPoolWithoutAutoCommitKeepsWhatWasApplied() {
        pool.close();
        pool = Servers.poolWithoutAutoCommit(pool.getJdbcUrl(), 1);
        counting = new CountingDataSource(pool);
        store = JdbiRunStore.on(counting);
        RunId id = queued("manual");
        assertThat(store.history().run(id)).isPresent();
        pool.close();
        try (HikariDataSource other = Servers.pool(pool.getJdbcUrl(), 1)) {
            assertThat(JdbiRunStore.on(other).history().run(id)).isPresent();
        }
    }
}
