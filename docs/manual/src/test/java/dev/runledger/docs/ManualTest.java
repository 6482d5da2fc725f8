package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.redact.Redactor;
import dev.runledger.run.CallOutcome.RejectedException;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the snippets of the manual's pages, and holds the pages to them. */
class ManualTest {
    private static final Path SOURCES = Path.of("src/test/java/dev/runledger/docs");
    private static final Path SPRING =
            Path.of("../../checks/consumer/hosts/suites/spring-boot/src/test/java/dev/runledger/hosts/suites");
    private static final Path SENTRY =
            Path.of("../../checks/consumer/hosts/back-ends/sentry/src/test/java/dev/runledger/hosts/backends");
    private static final List<String> PAGES =
            List.of("manual.md", "logging.md", "store.md", "metrics.md", "traces.md", "testing.md");

    @Test
    void anApplicationWithItsOwnTablesEmitsEvents() {
        Duration took = Duration.ofMillis(1500);
        Failure failure = Failure.of("no tests");
        // snippet
        WorkflowRunEvents events = WorkflowRunEvents.toLog();
        events.log(
                WorkflowRunEvent.SUCCEEDED,
                EventFields.of()
                        .runId("r-1")
                        .workflowName("review")
                        .target("acme/app#42")
                        .duration(took)
                        .put("prNumber", 42));
        // end
        assertThat(events.counters().contractViolations()).isZero();
        assertThat(events.counters().sink("Slf4jSink").delivered()).isEqualTo(2);
        // snippet
        WorkflowRunEvents.Bound run = events.with(EventFields.of().runId("r-1").workflowName("review"));
        run.log(WorkflowRunEvent.RUNNING);
        run.log(WorkflowRunEvent.FAILED, EventFields.of().failure(failure).duration(took));
        // end
        assertThat(events.counters().contractViolations()).isZero();
        assertThat(events.counters().sink("Slf4jSink").delivered()).isEqualTo(5);
        events.close();
    }

    @Test
    void aCallReturnsAValue() {
        Ledger ledger =
                Ledger.builder().store(RunStore.inMemory()).sink(event -> {}).build();
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        assertThat(start(ledger, id, "message-1")).isEqualTo(start(ledger, id, "message-1"));
        assertThatThrownBy(() -> start(ledger, RunId.of("r-0"), "message-2")).isInstanceOf(RejectedException.class);
        ledger.close();
    }

    private static WorkflowRun start(Ledger ledger, RunId id, String messageId) {
        Logger log = LoggerFactory.getLogger(ManualTest.class);
        // snippet
        CallOptions once = CallOptions.idempotencyKey(messageId);
        Transition started = ledger.start(id, "worker-1", once);
        if (started instanceof Transition.Rejected rejected) {
            log.info("run {} is {}: {}", id, rejected.state(), rejected.why());
        }
        WorkflowRun run = started.orElseThrow(); // if you prefer an exception
        // end
        return run;
    }

    @Test
    void anInputReachesTheHandler() {
        Ledger ledger =
                Ledger.builder().store(RunStore.inMemory()).sink(event -> {}).build();
        // snippet
        RunId id = ledger.dispatch(NewRun.of("review").target("acme/app#42").input("{\"pull\": 42}"))
                .orElseThrow()
                .id();
        Transition end = ledger.execute(id, "worker-1", scope -> {
            String input = scope.input().orElseThrow();
            return review(input) ? RunOutcome.succeeded() : RunOutcome.incomplete("tests are red");
        });
        // end
        assertThat(end.orElseThrow().state()).isEqualTo(RunState.SUCCEEDED);
        ledger.close();
    }

    private static boolean review(String input) {
        return input.contains("42");
    }

    @Test
    void anApplicationSaysWhatIsASecret() {
        // snippet
        Redactor redactor = Redactor.builder()
                .secretName("pin") // masks every value under this name
                .allowName("buildToken") // is no name of a secret
                .allowText("changeit") // is no secret
                .disableShape("card-number") // masks no card numbers
                .also(text -> text.replace("moonshot", Redactor.MASK)) // sees every text
                .build();
        // end
        assertThat(redactor.redact("pin=1234 buildToken=a password=changeit 4111 1111 1111 1111 moonshot"))
                .isEqualTo("pin=[redacted] buildToken=a password=changeit 4111 1111 1111 1111 [redacted]");
    }

    /** Lists the shapes that can be disabled. */
    @Test
    void thePageHasTheNamesOfAllShapes() throws Exception {
        String page = Files.readString(Path.of("..", "manual.md"));
        assertThat(Redactor.shapes()).allSatisfy(shape -> assertThat(page).contains("`" + shape + "`"));
    }

    @Test
    void keyValues() {
        // snippet
        WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(Slf4jSink.keyValues()).build();
        // end
        assertThat(events.isWanted(WorkflowRunEvent.FAILED)).isTrue();
    }

    @Test
    void mdc() {
        // snippet
        WorkflowRunEvents events = WorkflowRunEvents.builder()
                .sink(Slf4jSink.builder().mode(Slf4jSink.Mode.MDC).build())
                .build();
        // end
        assertThat(events.isWanted(WorkflowRunEvent.FAILED)).isTrue();
    }

    @Test
    void jsonMessage() {
        // snippet
        WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(Slf4jSink.jsonMessage()).build();
        // end
        assertThat(events.isWanted(WorkflowRunEvent.FAILED)).isTrue();
    }

    @Test
    void namesForAnIndex() {
        // snippet
        Slf4jSink sink = Slf4jSink.builder().naming(Slf4jSink.Naming.ECS).build();
        // end
        assertThat(sink.wants(WorkflowRunEvent.FAILED)).isTrue();
    }

    @Test
    void everySnippetOfThePagesIsOneOfThese() throws Exception {
        List<String> run = sources().stream()
                .flatMap(source -> blocks("(?s)// snippet\n(.*?)// end", source).stream())
                .toList();
        List<String> shown = PAGES.stream()
                .flatMap(page -> blocks("(?s)```java\n(.*?)```", read(page)).stream())
                .toList();
        assertThat(shown).hasSize(38).allSatisfy(snippet -> assertThat(run).contains(snippet));
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path folder : List.of(SOURCES, SPRING, SENTRY)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(ManualTest::readFile).forEach(sources::add);
            }
        }
        return sources;
    }

    private static String read(String page) {
        return readFile(Path.of("..", page));
    }

    private static String readFile(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static List<String> blocks(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult block) -> block.group(1).replaceAll("\\s+", ""))
                .toList();
    }
}
