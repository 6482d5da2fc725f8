package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.jdbi.Database;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.state.RunState;
import dev.runledger.testkit.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors that no code should throw and some does, through both databases: kept within their limits and readable. */
class HostileErrorsTest {
    private static final int CLASS = 256;
    private static final int MESSAGE = 2_048;
    private static final int STACK = 8_192;

    @TempDir
    private Path folder;

    private final RecordingSink recorder = new RecordingSink();

    private static Map<String, Throwable> errors() {
        Map<String, Throwable> errors = new LinkedHashMap<>();
        errors.put("long", new Exception("x".repeat(20 << 20)));
        errors.put("controls", new Exception("a\u001B[31m\u0000\u202E\r\n\uD800".repeat(300)));
        Exception cycle = new Exception("one");
        cycle.initCause(new Exception("two", cycle));
        errors.put("cycle", cycle);
        Exception tall = new Exception("tall");
        StackTraceElement[] frames = new StackTraceElement[10_000];
        Arrays.fill(frames, new StackTraceElement("a.b.C\u0000", "d\n", "C.java", 1));
        tall.setStackTrace(frames);
        errors.put("tall", tall);
        Exception crowded = new Exception("crowded");
        for (int i = 0; i < 10_000; i++) {
            crowded.addSuppressed(new Exception("s" + i));
        }
        errors.put("crowded", crowded);
        Exception deep = new Exception("the root");
        for (int i = 0; i < 10_000; i++) {
            deep = new Exception("level " + i, deep);
        }
        errors.put("deep", deep);
        errors.put("silent", new Exception() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }
        });
        errors.put("recursive", new Exception() {
            @Override
            public String getMessage() {
                return getMessage();
            }
        });
        errors.put("stackless", new Exception() {
            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("no stack");
            }
        });
        return errors;
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aHostileErrorIsKeptWithinItsLimitsAndReadBackAsItWasEmitted(Database database) {
        try (TestStore bench = TestStore.open(database, folder);
                Ledger ledger = Ledger.builder()
                        .store(bench.store())
                        .sink(recorder)
                        .echo(false)
                        .build()) {
            Map<String, Throwable> errors = errors();
            errors.forEach((name, error) -> {
                RunId id = RunId.of("r-" + name);
                ledger.dispatch(NewRun.of("review").id(id)).orElseThrow();
                TaskId task = TaskId.of(id + "-task");
                ledger.tasks().start(id, NewTask.of("fetch").id(task)).orElseThrow();
                ledger.tasks().fail(task, Failure.of(error)).orElseThrow();
                ledger.fail(id, Failure.uncaught(error)).orElseThrow();
                assertThat(ledger.history().run(id).orElseThrow().state()).isEqualTo(RunState.FAILED);
                assertThatItIsWithinItsLimits(
                        ledger.history().run(id).orElseThrow().failure().orElseThrow(), error);
                assertThatItIsWithinItsLimits(
                        ledger.history().task(task).orElseThrow().failure().orElseThrow(), error);
                assertThat(jsonOf(ledger.history().events(id)))
                        .as(name)
                        .containsExactlyInAnyOrderElementsOf(jsonOf(recorder.eventsOf(id)));
            });
            assertThat(bench.store().unreadableRows()).isZero();
            List<List<String>> longest = bench.rows("SELECT max(length(reason)), max(length(error_message)),"
                    + " max(length(error_stack)) FROM ledger_run");
            System.out.printf(
                    "errors, %s: %d errors, the longest reason, message and stack of a row: %s%n",
                    database, errors.size(), longest.get(0));
        }
    }

    private static void assertThatItIsWithinItsLimits(Failure kept, Throwable error) {
        String message = kept.errorMessage().orElse("");
        String stack = kept.errorStack().orElseThrow();
        assertThat(kept.errorClass().orElseThrow())
                .hasSizeLessThanOrEqualTo(CLASS)
                .isEqualTo(error.getClass().getName());
        assertThat(kept.reason()).hasSizeLessThanOrEqualTo(MESSAGE);
        assertThat(message).hasSizeLessThanOrEqualTo(MESSAGE);
        assertThat(stack).hasSizeLessThanOrEqualTo(STACK);
        assertThat(kept.reason() + message + stack)
                .matches(text -> text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x202E));
    }

    private static List<String> jsonOf(List<LedgerEvent> events) {
        List<String> all = events.stream().map(EventJson::write).toList();
        assertThat(all).allMatch(json -> json.getBytes(StandardCharsets.UTF_8).length <= 64 * 1024);
        return all;
    }
}
