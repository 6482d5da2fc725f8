package dev.runledger.docs;

import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.testkit.Breach;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.LogbackCapture;
import dev.runledger.testkit.MeterWitness;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import dev.runledger.testkit.SecretCanary;
import dev.runledger.testkit.Witness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/** Runs the snippets of the page on testing. */
class TestingPageTest {
    @Nested
    // snippet
    @ExtendWith(LedgerExtension.class)
    class ReviewTest {
        @Test
        void aCleanReviewSucceeds(Ledger ledger, RecordingSink recorder, MutableClock clock) {
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            clock.advance(Duration.ofSeconds(2));
            Transition end = ledger.execute(id, "worker-1", scope -> {
                clock.advance(Duration.ofSeconds(3));
                return RunOutcome.succeeded();
            });
            assertThat(end.isApplied()).isTrue();
            assertThat(recorder)
                    .run(id)
                    .emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED)
                    .waitedInQueue(Duration.ofSeconds(2))
                    .took(Duration.ofSeconds(3))
                    .hasConsistentDurations();
        }
    }

    // end

    @Nested
    @ExtendWith(LedgerExtension.class)
    class OneEventTest {
        @Test
        void oneEvent(Ledger ledger, RecordingSink recorder) {
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            CallOptions options = CallOptions.customFields(EventFields.of().put("prNumber", 42));
            ledger.start(id, "worker-1", options).orElseThrow();
            // snippet
            assertThat(recorder)
                    .run(id)
                    .neverEmitted(FAILED)
                    .event(RUNNING)
                    .hasExactlyFields(EventFields.of()
                            .runId(id)
                            .put(EventField.SEQ, 2)
                            .workflowName("review")
                            .put(EventField.CHANNEL, "live")
                            .workerId("worker-1")
                            .put(EventField.EXECUTION, 1)
                            .queueWait(Duration.ZERO)
                            .put("prNumber", 42));
            // end
        }
    }

    @Nested
    @ExtendWith(LedgerExtension.class)
    class SeveralEventsTest {
        private final ExecutorService executor = Executors.newSingleThreadExecutor();

        @AfterEach
        void stop() {
            executor.shutdown();
        }

        @Test
        void eachEvent(Ledger ledger, RecordingSink recorder) {
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            ledger.start(id, "worker-1").orElseThrow();
            // snippet
            assertThat(recorder)
                    .run(id)
                    .emittedSatisfying(
                            event -> event.isOf(QUEUED).doesNotHaveField(EventField.TARGET),
                            event -> event.isOf(RUNNING).hasField(EventField.WORKER_ID, "worker-1"));
            // end
        }

        @Test
        void ofAnotherThread(Ledger ledger, RecordingSink recorder) {
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            // snippet
            executor.execute(() -> ledger.start(id, "worker-1"));
            assertThat(recorder)
                    .within(Duration.ofSeconds(5), then -> then.run(id).emittedExactly(QUEUED, RUNNING));
            // end
        }
    }

    @Nested
    class ListAppenderTest {
        @RegisterExtension
        private final LedgerExtension extension = LedgerExtension.of(() -> LedgerKit.builder()
                .ledger(builder -> builder.sink(Slf4jSink.jsonMessage()))
                .build());

        @Test
        void before(Ledger ledger) {
            // snippet
            Logger log = (Logger) LoggerFactory.getLogger(Slf4jSink.JSON_LOGGER);
            ListAppender<ILoggingEvent> appender = new ListAppender<>();
            appender.start();
            log.addAppender(appender);
            try {
                RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
                assertThat(appender.list).hasSize(1);
                assertThat(appender.list.get(0).getFormattedMessage())
                        .contains("\"event\":\"workflow.run.queued\"", "\"runId\":\"" + id + "\"");
            } finally {
                log.detachAppender(appender);
            }
            // end
        }

        @Test
        void after(Ledger ledger, RecordingSink recorder) {
            // snippet
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            assertThat(recorder).run(id).emittedExactly(QUEUED);
            // end
        }
    }

    @Test
    void aFailurePrintsTheHistory() throws Exception {
        LedgerKit kit = LedgerKit.builder().name("run").build();
        RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
        kit.ledger().start(id, "worker-1").orElseThrow();
        kit.ledger().fail(id, Failure.of("no tests")).orElseThrow();
        AssertionError failed = catchThrowableOfType(
                AssertionError.class,
                () -> assertThat(kit.recorder()).run(id).emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED));
        String page = Files.readString(Path.of("..", "testing.md"));
        String shown = page.substring(page.indexOf("```text\n") + 8);
        assertThat(anywhere(failed.getMessage())).isEqualTo(anywhere(shown.substring(0, shown.indexOf("\n```"))));
    }

    /** Returns the message without the lines of code that emitted the events, however wide they make the table. */
    private static String anywhere(String message) {
        return message.replaceAll("\\w+\\.java:\\d+", "line").replaceAll(" {2,}", "  ");
    }

    @Nested
    class FanOutTest {
        private final EventSink webhook = new RecordingSink();

        // snippet
        private final MeterRegistry registry = new SimpleMeterRegistry();

        @RegisterExtension
        private final LedgerExtension extension = LedgerExtension.of(() -> LedgerKit.builder()
                .ledger(builder -> builder.sink(Slf4jSink.jsonMessage())
                        .sink(MicrometerSink.of(registry))
                        .sink(webhook))
                .build());

        @Test
        void everySinkReceivesTheSame(LedgerKit kit) {
            kit.witness(LogbackCapture.ofMessages(Slf4jSink.JSON_LOGGER)).witness(MeterWitness.of(registry));

            RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
            kit.ledger().cancel(id, "not needed").orElseThrow();

            assertThatFanOut(kit).reachedEveryWitness(); // the store, the log and the meters
        }
        // end

        @Test
        void yourOwnSink(LedgerKit kit) {
            kit.ledger().dispatch(NewRun.of("review")).orElseThrow();
            RecordingSink received = (RecordingSink) webhook;
            // snippet
            kit.witness(Witness.ofEvents("webhook", received::events));
            assertThatFanOut(kit).reachedEveryWitness();
            // end
        }
    }

    @Nested
    @ExtendWith(LedgerExtension.class)
    class CanaryTest {
        // snippet
        @Test
        void nothingLeaks(Ledger ledger, SecretCanary canary) {
            Trigger trigger = Trigger.of("webhook").payload(canary.payload());
            NewRun review = NewRun.of("review").trigger(trigger);
            CallOptions options = CallOptions.customFields(canary.fields());
            RunId id = ledger.dispatch(review, options).orElseThrow().id();
            ledger.fail(id, Failure.of(canary.error())).orElseThrow();
        }
        // end
    }

    @Nested
    @ExtendWith(LedgerExtension.class)
    class TransactionTest {
        @TempDir
        private Path folder;

        @Test
        void nothingIsEmittedTooEarly(LedgerKit kit) throws Exception {
            SQLiteDataSource sqlite = new SQLiteDataSource();
            sqlite.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));
            // snippet
            DataSource dataSource = kit.watch(sqlite);
            // end
            try (JdbiRunStore store = JdbiRunStore.on(dataSource);
                    Connection connection = dataSource.getConnection()) {
                Ledger durable =
                        Ledger.builder().store(store).sink(kit.recorder()).build();
                connection.setAutoCommit(false);
                try (ConnectionUnit unit = store.unit(connection)) {
                    durable.in(unit).dispatch(NewRun.of("import")).orElseThrow();
                    connection.commit();
                    unit.committed();
                }
                connection.setAutoCommit(true);
                RunId id = kit.recorder()
                        .events()
                        .get(0)
                        .text(EventField.RUN_ID)
                        .map(RunId::of)
                        .orElseThrow();
                durable.start(id, "worker-1").orElseThrow();
                assertThatFanOut(kit.recorder()).reached(Witness.ofStore(store.history()));
            }
        }

        @Test
        void anEventThatIsEmittedTooEarlyIsFound(LedgerKit kit) throws Exception {
            SQLiteDataSource sqlite = new SQLiteDataSource();
            sqlite.setUrl("jdbc:sqlite:" + folder.resolve("early.db"));
            DataSource dataSource = kit.watch(sqlite);
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                WorkflowRunEvents events = kit.events();
                events.log(QUEUED, EventFields.of().runId("r-1").workflowName("import"));
                connection.rollback();
            }
            assertThat(kit.breaches()).hasSize(1);
            // snippet
            kit.tolerate(Breach.Kind.OPEN_TRANSACTION);
            // end
        }
    }
}
