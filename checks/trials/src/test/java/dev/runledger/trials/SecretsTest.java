package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
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

/** Secrets in every place where an application can put text: none is kept, logged or thrown. */
class SecretsTest {
    private static final Instant THEN = Instant.parse("2026-03-01T10:00:00Z");

    private final long seed = Long.getLong("ledger.seed", 20260301L);
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.runledger");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Ledger.Builder builder =
            Ledger.builder().sink(Slf4jSink.keyValues()).sink(Slf4jSink.jsonMessage());

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
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void noSecretIsInAnyColumnOfAnyTableOrInTheLog(Database database) throws IOException {
        List<Secret> secrets = Secret.some(Rounds.of(100, 200), seed);
        try (TestStore bench = TestStore.open(database, folder);
                Ledger ledger = builder.store(bench.store()).build()) {
            for (int i = 0; i < secrets.size(); i++) {
                useEverywhere(ledger, secrets.get(i), i);
            }
            assertThat(bench.count("ledger_run")).isEqualTo(5L * secrets.size());
            assertThat(bench.count("ledger_event")).isEqualTo(35L * secrets.size());
            assertThat(bench.count("ledger_refusal")).isEqualTo(secrets.size());
            String kept = bench.dump() + bytesOfTheFiles();
            String log = log();
            assertThat(log).contains("workflow.run.failed", "[redacted]");
            assertThat(secrets).as("stored, of seed %d", seed).allMatch(secret -> !kept.contains(secret.text()));
            assertThat(secrets).as("logged, of seed %d", seed).allMatch(secret -> !log.contains(secret.text()));
            System.out.printf(
                    "secrets, %s: seed %d, %d secrets in %d rows of events, 0 stored, 0 logged; %d characters kept%n",
                    database, seed, secrets.size(), bench.count("ledger_event"), kept.length());
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void noSecretIsInWhatIsThrownWhenTheDatabaseFails(Database database) {
        List<Secret> secrets = Secret.some(20, seed);
        try (TestStore bench = TestStore.open(database, folder);
                Ledger ledger = builder.store(bench.store()).build()) {
            bench.execute("DROP TABLE ledger_event");
            bench.execute("DROP TABLE ledger_refusal");
            List<Throwable> thrown = new ArrayList<>();
            for (Secret secret : secrets) {
                CallOptions note = CallOptions.customFields(EventFields.of().put("ownNote", secret.sentence()));
                thrown.add(catchThrowable(() -> ledger.dispatch(run(RunId.of("r-" + thrown.size()), secret), note)));
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
    void aSecretCannotBeTheNameOfAField() {
        try (Ledger ledger = builder.build()) {
            for (Secret secret : Secret.some(50, seed)) {
                EventFields fields = EventFields.of().put(secret.sentence(), "shown");
                assertThatThrownBy(() -> dispatch(ledger, fields))
                        .isInstanceOf(IllegalArgumentException.class)
                        .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain(secret.text()));
                ledger.events().log(WorkflowRunEvent.QUEUED, fields.runId("r").workflowName("w"));
                if (secret.text().startsWith("ghp_") || secret.text().startsWith("AKIA")) { // a name by its letters
                    EventFields named = EventFields.of().put(secret.text(), "shown");
                    assertThatThrownBy(() -> dispatch(ledger, named)).hasMessageContaining("[redacted]");
                    ledger.events().log(WorkflowRunEvent.QUEUED, named);
                }
                assertThat(log()).doesNotContain(secret.text());
            }
        }
    }

    private static void dispatch(Ledger ledger, EventFields fields) {
        ledger.dispatch(NewRun.of("review"), CallOptions.customFields(fields)).orElseThrow();
    }

    /** Makes five runs and their tasks, which between them have this secret in every text that they can have. */
    private static void useEverywhere(Ledger ledger, Secret secret, int index) {
        CallOptions options = CallOptions.customFields(
                EventFields.of().put("ownNote", "seen: " + secret.sentence()).put(secret.name(), secret.text()));
        RunId id = RunId.of("r-" + index);
        ledger.dispatch(run(id, secret), options).orElseThrow();
        ledger.start(id, "w", options).orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL).reason(secret.sentence()), options)
                .orElseThrow();
        Resumption answer = Resumption.of(secret.sentence(), secret.sentence()).payload(payload(secret));
        ledger.resume(id, answer, options).orElseThrow();
        TaskId task = TaskId.of(id + "-task");
        TaskRun.Result result = TaskRun.Result.of(payload(secret));
        ledger.tasks()
                .start(id, NewTask.of("fetch").id(task).input(payload(secret)), options)
                .orElseThrow();
        ledger.tasks().fail(task, Failure.of(error(secret)), result, options).orElseThrow();
        ledger.tasks().retry(task, options).orElseThrow();
        ledger.tasks().succeed(task, result, options).orElseThrow();
        ledger.tasks()
                .skip(id, NewTask.of("score").id(TaskId.of(id + "-skipped")), secret.sentence(), options)
                .orElseThrow();
        RunId child = RunId.of(id + "-child");
        ledger.handOff(id, run(child, secret), options).orElseThrow();
        ledger.fail(id, Failure.of(secret.sentence(), error(secret)), options).orElseThrow();
        ledger.enqueueFailed(child, error(secret), options).orElseThrow();
        RunId cancelled = RunId.of(id + "-cancelled");
        ledger.dispatch(run(cancelled, secret), options).orElseThrow();
        ledger.cancel(cancelled, secret.sentence(), options).orElseThrow();
        ledger.refuse(run(RunId.of(id + "-refused"), secret), Dispatch.RefusalCode.POLICY, secret.sentence(), options);
        assertThat(ledger.importRun(finished(RunId.of(id + "-imported"), secret, payload(secret)))
                        .isImported())
                .isTrue();
        assertThat(ledger.importRun(finished(RunId.of(id + "-cut"), secret, cut(secret)))
                        .isImported())
                .isTrue();
    }

    private static NewRun run(RunId id, Secret secret) {
        Trigger trigger = Trigger.of("push")
                .deliveryId(id + " " + secret.sentence())
                .actor(secret.sentence())
                .details(payload(secret))
                .payload(payload(secret));
        return NewRun.of("review").id(id).target(id + " " + secret.sentence()).trigger(trigger);
    }

    private static Payload payload(Secret secret) {
        String sentence = secret.sentence().replace("\"", "\\\"");
        return Payload.json("{\"%s\":\"%s\",\"note\":[\"%s\"],\"%s\":1}"
                .formatted(secret.name(), secret.text(), sentence, sentence));
    }

    /** Returns a payload as another ledger may have kept it: half of a text, which is not JSON any more. */
    private static Payload cut(Secret secret) {
        String json = payload(secret).json().orElseThrow();
        return Payload.stored(json.substring(0, json.length() - 5), null, 100_000, null, true);
    }

    private static Throwable error(Secret secret) {
        SQLException root = new SQLException("connecting to " + secret.sentence(), "08001");
        RuntimeException error = new IllegalStateException(secret.sentence(), new IOException(root));
        error.addSuppressed(new SQLException(secret.sentence()));
        return error;
    }

    private static RunImport finished(RunId id, Secret secret, Payload payload) {
        NewRun request = run(id, secret);
        Failure failure = Failure.builder(secret.sentence())
                .category(Failure.Category.UNKNOWN)
                .uncaught(true)
                .error("java.lang.Exception", secret.sentence(), "java.lang.Exception: " + secret.sentence())
                .build();
        TaskRun.Result result = TaskRun.Result.of(payload);
        NewTask fetch = NewTask.of("fetch").id(TaskId.of(id + "-fetch")).input(payload);
        Resumption resumption =
                Resumption.of(secret.sentence(), secret.sentence()).payload(payload);
        return RunImport.of(request.trigger(request.trigger().orElseThrow().payload(payload)), THEN)
                .started(THEN, "worker-1")
                .task(fetch, THEN, attempts -> attempts.failed(THEN, failure, result))
                .skipped(NewTask.of("score").id(TaskId.of(id + "-score")), THEN, secret.sentence())
                .requeued(THEN, secret.sentence(), secret.sentence())
                .started(THEN, "worker-1")
                .suspended(THEN, Wait.of(Wait.Code.APPROVAL).reason(secret.sentence()))
                .resumed(THEN, resumption)
                .failed(THEN, failure);
    }

    /** Returns everything in the folder, which on SQLite is the database and its write-ahead log. */
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
