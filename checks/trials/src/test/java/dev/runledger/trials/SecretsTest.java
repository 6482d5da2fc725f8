package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.failure.Failure;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.state.RunState;
import dev.runledger.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Secrets in every place where a host can put text: none is kept, logged or thrown (H3). */
class SecretsTest {
    private static final Instant THEN = Instant.parse("2026-03-01T10:00:00Z");

    private final long seed = Long.getLong("ledger.seed", 20260301L);
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.runledger");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final WorkflowRunEvents events = WorkflowRunEvents.builder()
            .sink(Slf4jSink.keyValues())
            .sink(Slf4jSink.jsonMessage())
            .build();

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setLevel(null);
        logger.setAdditive(true);
        events.close();
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void noSecretIsInAnyColumnOfAnyTableOrInTheLog(Database database) throws IOException {
        List<Secret> secrets = Secret.some(Rounds.of(100, 200), seed);
        try (TestStore bench = TestStore.open(database, folder)) {
            Ledger ledger = Ledger.builder().store(bench.store()).events(events).build();
            for (int i = 0; i < secrets.size(); i++) {
                tellEverywhere(ledger, secrets.get(i), i);
            }
            assertThat(bench.count("ledger_run")).isEqualTo(5L * secrets.size());
            assertThat(bench.count("ledger_event")).isEqualTo(22L * secrets.size());
            String kept = bench.dump() + bytesOfTheFiles();
            String log = log();
            assertThat(log).contains("workflow.run.failed", "[redacted]");
            assertThat(secrets).as("stored, of seed %d", seed).allMatch(secret -> !kept.contains(secret.text()));
            assertThat(secrets).as("logged, of seed %d", seed).allMatch(secret -> !log.contains(secret.text()));
            System.out.printf(
                    "H3 %s: seed %d, %d secrets in %d rows of events, 0 stored, 0 logged; %d characters kept%n",
                    database, seed, secrets.size(), bench.count("ledger_event"), kept.length());
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void noSecretIsInWhatIsThrownWhenTheDatabaseFails(Database database) {
        List<Secret> secrets = Secret.some(20, seed);
        try (TestStore bench = TestStore.open(database, folder)) {
            Ledger ledger = Ledger.builder().store(bench.store()).events(events).build();
            bench.execute("DROP TABLE ledger_event");
            List<Throwable> thrown = new ArrayList<>();
            for (Secret secret : secrets) {
                thrown.add(catchThrowable(() -> ledger.withFields(
                                EventFields.of().put("hostNote", secret.sentence()))
                        .dispatch(run(RunId.of("r-" + thrown.size()), secret))));
                thrown.add(catchThrowable(() -> ledger.refuse(run(RunId.of("r"), secret), secret.sentence())));
            }
            assertThat(thrown).hasOnlyElementsOfType(StoreException.class);
            String all =
                    String.join("", thrown.stream().map(SecretsTest::printed).toList()) + log();
            assertThat(secrets).allSatisfy(secret -> assertThat(all).doesNotContain(secret.text()));
            assertThat(thrown)
                    .allSatisfy(each -> assertThat(each.getMessage()).doesNotContain("INSERT", "ledger_event"));
        }
    }

    @Test
    void aSecretIsNoNameOfAField() {
        Ledger ledger = Ledger.builder().events(events).build();
        for (Secret secret : Secret.some(50, seed)) {
            EventFields fields = EventFields.of().put(secret.sentence(), "shown");
            assertThatThrownBy(() -> ledger.withFields(fields))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain(secret.text()));
            events.log(WorkflowRunEvent.QUEUED, fields.runId("r").workflowName("w"));
            if (secret.text().startsWith("ghp_") || secret.text().startsWith("AKIA")) { // a name by its letters
                assertThatThrownBy(() -> ledger.withFields(EventFields.of().put(secret.text(), "shown")))
                        .hasMessageContaining("[redacted]");
                events.log(WorkflowRunEvent.QUEUED, EventFields.of().put(secret.text(), "shown"));
            }
            assertThat(log()).doesNotContain(secret.text());
        }
    }

    /** Five runs and their tasks, which between them have this secret in every text that they can have. */
    private static void tellEverywhere(Ledger plain, Secret secret, int index) {
        Ledger ledger = plain.withFields(
                EventFields.of().put("hostNote", "seen: " + secret.sentence()).put(secret.name(), secret.text()));
        RunId id = RunId.of("r-" + index);
        ledger.dispatch(run(id, secret)).orElseThrow();
        ledger.start(id, "w").orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL).reason(secret.sentence()))
                .orElseThrow();
        ledger.resume(id, Resumption.of(secret.sentence(), secret.sentence()).payload(payload(secret)))
                .orElseThrow();
        TaskId task = TaskId.of(id + "-task");
        ledger.tasks()
                .start(id, NewTask.of("fetch").id(task).input(payload(secret)))
                .orElseThrow();
        ledger.tasks()
                .fail(task, Failure.of(error(secret)), TaskRun.Result.of(payload(secret)))
                .orElseThrow();
        ledger.tasks().retry(task).orElseThrow();
        ledger.tasks().succeed(task, TaskRun.Result.of(payload(secret))).orElseThrow();
        ledger.tasks()
                .skip(id, NewTask.of("score").id(TaskId.of(id + "-skipped")), secret.sentence())
                .orElseThrow();
        RunId child = RunId.of(id + "-child");
        ledger.handOff(id, run(child, secret)).orElseThrow();
        ledger.fail(id, Failure.of(secret.sentence(), error(secret))).orElseThrow();
        ledger.enqueueFailed(child, error(secret)).orElseThrow();
        cancelled(ledger, RunId.of(id + "-cancelled"), secret);
        ledger.refuse(run(RunId.of(id + "-refused"), secret), secret.sentence());
        assertThat(ledger.importRun(finished(RunId.of(id + "-imported"), secret, payload(secret))))
                .isTrue();
        assertThat(ledger.importRun(finished(RunId.of(id + "-cut"), secret, cut(secret))))
                .isTrue();
    }

    private static void cancelled(Ledger ledger, RunId id, Secret secret) {
        ledger.dispatch(run(id, secret)).orElseThrow();
        ledger.cancel(id, secret.sentence()).orElseThrow();
    }

    private static NewRun run(RunId id, Secret secret) {
        Trigger trigger = Trigger.of("push")
                .deliveryId(id + " " + secret.sentence())
                .actor(secret.sentence())
                .details(payload(secret))
                .payload(payload(secret));
        return NewRun.of("review")
                .id(id)
                .target(id + " " + secret.sentence())
                .trigger(trigger);
    }

    private static Payload payload(Secret secret) {
        String sentence = secret.sentence().replace("\"", "\\\"");
        return Payload.json("{\"%s\":\"%s\",\"note\":[\"%s\"],\"%s\":1}"
                .formatted(secret.name(), secret.text(), sentence, sentence));
    }

    /** As another ledger may have kept it: half of a text, which is no JSON any more. */
    private static Payload cut(Secret secret) {
        String json = payload(secret).json();
        return new Payload(json.substring(0, json.length() - 5), null, 100_000, null, true);
    }

    private static Throwable error(Secret secret) {
        SQLException root = new SQLException("connecting to " + secret.sentence(), "08001");
        RuntimeException error = new IllegalStateException(secret.sentence(), new IOException(root));
        error.addSuppressed(new SQLException(secret.sentence()));
        return error;
    }

    private static WorkflowRun finished(RunId id, Secret secret, Payload payload) {
        NewRun request = run(id, secret);
        Failure failure = new Failure(
                secret.sentence(),
                Failure.Category.UNKNOWN,
                true,
                "java.lang.Exception",
                secret.sentence(),
                "java.lang.Exception: " + secret.sentence(),
                null);
        return new WorkflowRun(
                request.toBuilder().trigger(request.trigger().payload(payload)).build(),
                RunState.FAILED,
                3,
                new WorkflowRun.Times(THEN, THEN, null, Duration.ZERO, THEN),
                null,
                false,
                null,
                null,
                secret.sentence(),
                failure);
    }

    /** Everything in the folder, which on SQLite is the database and its write-ahead log. */
    private String bytesOfTheFiles() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    private String log() {
        StringBuilder all = new StringBuilder();
        for (ILoggingEvent each : logged.list) {
            all.append(each.getFormattedMessage()).append(each.getKeyValuePairs());
            Map<String, String> mdc = each.getMDCPropertyMap();
            all.append(mdc);
            if (each.getThrowableProxy() != null) {
                all.append(ThrowableProxyUtil.asString(each.getThrowableProxy()));
            }
            all.append('\n');
        }
        return all.toString();
    }

    private static String printed(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            all.append(each).append('\n');
            for (Throwable suppressed : each.getSuppressed()) {
                all.append(suppressed).append('\n');
            }
        }
        return all.toString();
    }
}
