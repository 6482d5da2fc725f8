package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.failure.Failure;
import dev.runledger.faults.CountingDataSource;
import dev.runledger.faults.DurablePostgres;
import dev.runledger.faults.Servers;
import dev.runledger.faults.TcpProxy;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.store.TaskChange;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transition that is applied is one statement and one round trip, whatever it is (D2). */
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

    /** What answers whether it was applied. */
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

    private boolean applied(Change change) {
        return store.apply(change).isApplied();
    }

    private boolean applied(TaskChange change) {
        return store.apply(change).isApplied();
    }

    private RunId queued(String target) {
        RunId id = RunId.of(UUID.randomUUID().toString());
        assertThatItIsOneRoundTrip(
                "dispatch",
                () -> store.dispatch(
                                NewRun.of("review")
                                        .id(id)
                                        .target(target)
                                        .trigger(Trigger.of("push")
                                                .deliveryId("d-" + id)
                                                .payload(new Payload("{\"a\":1}", null, 7, null, false)))
                                        .oncePerDelivery(true),
                                "dispatch-1",
                                null)
                        .orElseThrow()
                        .id()
                        .equals(id));
        return id;
    }

    private RunId running() {
        RunId id = queued(UUID.randomUUID().toString());
        assertThatItIsOneRoundTrip("start", () -> applied(Change.start(id, "w").transitionId("start-1")));
        return id;
    }

    private void everyTransition() {
        RunId id = running();
        assertThatItIsOneRoundTrip(
                "suspend",
                () -> applied(Change.suspend(id, Wait.of(Wait.Code.APPROVAL).correlationKey("k-" + id))));
        assertThatItIsOneRoundTrip(
                "resume",
                () -> applied(Change.resume(id, Resumption.of("approved", "ada").correlationKey("k-" + id))));
        assertThatItIsOneRoundTrip("claim", () -> store.claim(id, "w-2").isApplied());
        everyTransitionOfATask(id);
        NewRun child = NewRun.of("review")
                .id(RunId.of(UUID.randomUUID().toString()))
                .parentRunId(id)
                .target("child of " + id);
        assertThatItIsOneRoundTrip("handOff", () -> applied(Change.handOff(id, child)));
        assertThatItIsOneRoundTrip("succeed", () -> applied(Change.succeed(id)));

        RunId undone = running();
        assertThatItIsOneRoundTrip("incomplete", () -> applied(Change.incomplete(undone, "red")));
        RunId fenced = running();
        assertThatItIsOneRoundTrip(
                "fail", () -> applied(Change.fail(fenced, Failure.of("boom")).fence("w")));
        RunId unwanted = running();
        assertThatItIsOneRoundTrip("cancel", () -> applied(Change.cancel(unwanted, "ada")));
        RunId lost = queued("lost");
        assertThatItIsOneRoundTrip("enqueueFailed", () -> applied(Change.enqueueFailed(lost, Failure.of("full"))));
    }

    private void everyTransitionOfATask(RunId id) {
        NewTask task = NewTask.of("build").id(TaskId.of(UUID.randomUUID().toString()));
        assertThatItIsOneRoundTrip("startTask", () -> applied(TaskChange.start(id, task)));
        assertThatItIsOneRoundTrip(
                "failTask", () -> applied(TaskChange.fail(task.id(), Failure.of("red"), TaskRun.Result.tool(1, 99))));
        assertThatItIsOneRoundTrip("retryTask", () -> applied(TaskChange.retry(task.id())));
        assertThatItIsOneRoundTrip(
                "succeedTask", () -> applied(TaskChange.succeed(task.id(), TaskRun.Result.tool(0, 9))));
        NewTask unneeded = NewTask.of("deploy").id(TaskId.of(UUID.randomUUID().toString()));
        assertThatItIsOneRoundTrip("skipTask", () -> applied(TaskChange.skip(id, unneeded, "a draft")));
    }

    @Test
    void aTransitionThatIsAppliedIsOneStatementAndOneRoundTrip() {
        for (int i = 0; i < 8; i++) { // from the fifth time on the driver prepares a statement on the server
            everyTransition();
        }
        System.out.printf("D2: %d transitions, 1 statement and 1 round trip each%n", measured);
    }

    @Test
    void aSlowNetworkIsWaitedForOnceATransition() {
        proxy.delay(Duration.ofMillis(200));
        RunId id = running();
        assertThatItIsOneRoundTrip("succeed", () -> applied(Change.succeed(id)));
    }

    @Test
    void aPoolWithoutAutoCommitKeepsWhatWasAnswered() {
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
