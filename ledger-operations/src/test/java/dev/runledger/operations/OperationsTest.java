package dev.runledger.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runledger.Ledger;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunQuery;
import dev.runledger.operations.Operations.Health;
import dev.runledger.operations.RunPolicy.Interrupted;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.state.RunState;
import dev.runledger.store.LeaseStore;
import dev.runledger.store.PayloadStore;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The threads, the shutdown, the health, the retention and the erasure. */
class OperationsTest {
    private final MutableClock clock = MutableClock.at("2026-03-01T10:00:00Z");
    private final RunStore store = RunStore.inMemory(clock, 10_000);
    private final RecordingSink events = new RecordingSink();

    @TempDir
    private Path bodies;

    private Ledger.Builder ledger() {
        return Ledger.builder().store(store).clock(clock).sink(events);
    }

    private static RunId succeeded(Ledger ledger, NewRun run) {
        RunId id = ledger.dispatch(run).orElseThrow().id();
        ledger.start(id, "worker-1").orElseThrow();
        ledger.succeed(id).orElseThrow();
        return id;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("ledger-"))
                .sorted()
                .toList();
    }

    @Test
    void itsThreadsAreNamedAndEnd() {
        Ledger ledger = ledger().build();
        LeaseStore leases = ledger.maintenance().port(LeaseStore.class);
        try (Operations operations = Operations.builder(ledger)
                .policy(RunPolicy.defaults().keep(Duration.ofDays(1)))
                .build()) {
            assertThat(operations.start().start()).isSameAs(operations);
            assertThat(threads()).containsExactly("ledger-heartbeat", "ledger-retention", "ledger-sweeper");
            assertThat(leases.instances()).isOne();
            await().until(() -> operations.counters().sweeps() > 0);
        }
        await().until(() -> threads().isEmpty());
        assertThat(leases.instances()).isZero();
        assertThat(leases.lease("sweeper", "another", Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void aShutdownFailsOrRequeuesWhatThisProcessHas() {
        Ledger ledger = ledger().instance("web-1").build();
        Ledger other = ledger().build();
        RunId failing = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        RunId again = ledger.dispatch(NewRun.of("import")).orElseThrow().id();
        RunId ofOther = ledger.dispatch(NewRun.of("import")).orElseThrow().id();
        ledger.start(failing, "worker-1").orElseThrow();
        ledger.start(again, "worker-1").orElseThrow();
        other.start(ofOther, "worker-1").orElseThrow();
        Operations operations = Operations.builder(ledger)
                .policy("import", RunPolicy.defaults().atShutdown(Interrupted.REQUEUE))
                .build();
        operations.start().close();
        operations.close();
        assertThat(ledger.history().state(failing)).contains(RunState.FAILED);
        assertThat(ledger.history().state(again)).contains(RunState.QUEUED);
        assertThat(ledger.history().state(ofOther)).contains(RunState.RUNNING);
        LedgerEvent failed = events.eventsOf(WorkflowRunEvent.FAILED).get(0);
        assertThat(failed.text(EventField.RECOVERED)).contains("shutdown");
        assertThat(failed.text(EventField.REASON))
                .contains("shutdown: its process %s shuts down".formatted(ledger.instance()));
        assertThat(ledger.instance()).startsWith("web-1:");
        assertThatThrownBy(operations::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void healthNamesWhatIsWrong() {
        Ledger ledger = ledger().build();
        try (Operations operations = Operations.builder(ledger).build()) {
            assertThat(operations.health().problems())
                    .containsExactly("the operations are not started in this process");
            operations.start();
            RunId waiting = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            succeeded(ledger, NewRun.of("review"));
            clock.advance(Duration.ofDays(31));
            Health health = operations.health();
            assertThat(health.isHealthy()).as("%s", health).isTrue();
            assertThat(health.instances()).isOne();
            assertThat(health.oldestQueued()).contains(Duration.ofDays(31));
            assertThat(health.warnings())
                    .containsExactly("there are runs that ended more than 30 days ago, and no policy removes any");
            assertThat(ledger.history().state(waiting)).contains(RunState.QUEUED);
        }
    }

    @Test
    void retentionRemovesWhatItsPolicySays() {
        Ledger ledger = ledger().build();
        RunId old = succeeded(ledger, NewRun.of("review"));
        RunId failed = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.cancel(failed, "no").orElseThrow();
        RunId forEver = succeeded(ledger, NewRun.of("import"));
        RunId inFlight = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        clock.advance(Duration.ofDays(10));
        RunId recent = succeeded(ledger, NewRun.of("review"));
        ledger.refuse(NewRun.of("review"), "no quota");
        RunPolicy policy = RunPolicy.defaults().keep(Duration.ofDays(5), RunState.SUCCEEDED);
        Operations operations = Operations.builder(ledger)
                .policy("review", policy)
                .keepRefusals(Duration.ofDays(1))
                .build();
        assertThat(operations.removeExpired()).isTrue();
        assertThat(ledger.history().run(old)).isEmpty();
        assertThat(Stream.of(failed, forEver, inFlight, recent))
                .allMatch(id -> ledger.history().run(id).isPresent());
        assertThat(ledger.history().refusals(10)).hasSize(1);
        clock.advance(Duration.ofDays(2));
        assertThat(operations.removeExpired()).isTrue();
        assertThat(ledger.history().refusals(10)).isEmpty();
        assertThat(operations.counters())
                .extracting(
                        Operations.Counters::removedRuns,
                        Operations.Counters::removedEvents,
                        Operations.Counters::removedRefusals,
                        Operations.Counters::failures)
                .containsExactly(1L, 3L, 1L, 0L);
    }

    @Test
    void aBodyGoesWithTheLastRunThatHasIt() throws IOException {
        Ledger ledger = ledger().payloadStore(PayloadStore.inFolder(bodies)).build();
        String large = "{\"text\":\"" + "x".repeat(20_000) + "\"}";
        NewRun run = NewRun.of("review").trigger(Trigger.of("push").payload(Payload.json(large)));
        succeeded(ledger, run);
        clock.advance(Duration.ofDays(3));
        RunId second = succeeded(ledger, run);
        Operations operations = Operations.builder(ledger)
                .policy(RunPolicy.defaults().keep(Duration.ofDays(2)))
                .build();
        assertThat(operations.removeExpired()).isTrue();
        assertThat(operations.counters().removedRuns()).isOne();
        assertThat(files()).hasSize(1);
        assertThat(ledger.payload(ledger.history()
                        .run(second)
                        .orElseThrow()
                        .request()
                        .trigger()
                        .orElseThrow()
                        .payload()
                        .orElseThrow()))
                .contains(large);
        clock.advance(Duration.ofDays(3));
        assertThat(operations.removeExpired()).isTrue();
        assertThat(files()).isEmpty();
        assertThat(operations.counters().removedPayloads()).isOne();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(bodies)) {
            return files.toList();
        }
    }

    @Test
    void anErasureRemovesWhatEndedAndNamesWhatIsInFlight() {
        Ledger ledger = ledger().build();
        NewRun ofPerson = NewRun.of("review")
                .target("person/7")
                .trigger(Trigger.of("push").deliveryId("d-1"))
                .oncePerDelivery(true);
        RunId ended = succeeded(ledger, ofPerson);
        RunId another = succeeded(ledger, NewRun.of("review").target("person/8"));
        RunId inFlight = ledger.dispatch(NewRun.of("import").target("person/7"))
                .orElseThrow()
                .id();
        Operations operations = Operations.builder(ledger).build();
        Operations.Erased erased = operations.erase(
                RunQuery.builder().target(Target.of("person/7")).build());
        assertThat(erased).isEqualTo(new Operations.Erased(1, List.of(inFlight)));
        assertThat(ledger.history().run(ended)).isEmpty();
        assertThat(ledger.history().run(another)).isPresent();
        assertThat(ledger.dispatch(ofPerson)).as("the delivery is forgotten").isInstanceOf(Dispatch.Queued.class);
    }

    @Test
    void aStoreWithoutThePortsIsRefused() {
        RunStore plain = new PlainStore(store);
        Ledger ledger = Ledger.builder().store(plain).build();
        assertThatThrownBy(() -> Operations.builder(ledger).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("%s has no LeaseStore, expected a store that implements it", PlainStore.class.getName());
        assertThatThrownBy(() -> Operations.builder(ledger).lostAfter(Duration.ZERO))
                .hasMessage("lostAfter is PT0S, expected a second or more");
    }
}
