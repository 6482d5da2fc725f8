package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Target;
import dev.runledger.run.Transition;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path ROOT = Path.of("../..");
    private static final String SOURCE = "docs/manual/src/test/java/dev/runledger/docs/ReadmeTest.java";

    /** What a host's own code would do. */
    private interface Reviewer {
        int read(Optional<Target> target);
    }

    private final BlockingQueue<RunId> queue = new LinkedBlockingQueue<>();
    private final Reviewer reviewer = target -> 2;

    @BeforeEach
    @AfterEach
    void deleteTheFile() throws Exception {
        for (String name : List.of("runs.db", "runs.db-wal", "runs.db-shm")) {
            Files.deleteIfExists(Path.of(name));
        }
    }

    @Test
    void theCodeOfTheFirstScreenDoesWhatItSays() throws Exception {
        // snippet
        WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(Slf4jSink.keyValues()).build();
        JdbiRunStore store = JdbiRunStore.sqlite(Path.of("runs.db")); // or JdbiRunStore.on(dataSource) for PostgreSQL
        Ledger ledger = Ledger.builder().events(events).store(store).build();

        NewRun review = NewRun.of("review").target("acme/app#42");
        RunId id = ledger.dispatch(review, run -> queue.add(run.id()))
                .orElseThrow()
                .id();

        Transition end = ledger.execute(queue.take(), "worker-1", run -> {
            int findings = run.task("read-diff", task -> reviewer.read(run.run().target()));
            return findings == 0 ? RunOutcome.succeeded() : RunOutcome.incomplete(findings + " findings");
        });
        // end
        assertThat(end.orElseThrow().state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.history().run(id).orElseThrow().reason()).isEqualTo("2 findings");
        assertThat(events.counters().sink("Slf4jSink").delivered()).isEqualTo(6);
        store.close();
    }

    /** Compared without white space: the formatter breaks lines where a reader would not. */
    @Test
    void theFirstScreenShowsThatCodeAndTheStateMachine() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String source = Files.readString(ROOT.resolve(SOURCE));
        String snippet = source.substring(source.indexOf("// snippet") + 10, source.indexOf("// end"));
        assertThat(squeeze(readme)).contains(squeeze(snippet));
        assertThat(readme).contains(RunCommand.diagram());
    }

    @Test
    void everyLinkOfTheDocsLeadsSomewhere() throws Exception {
        for (String page : List.of(
                "README.md",
                "CONTRIBUTING.md",
                "docs/manual.md",
                "docs/logging.md",
                "docs/store.md",
                "docs/metrics.md",
                "docs/benchmarks.md",
                "examples/webhook-bot/README.md")) {
            Path file = ROOT.resolve(page);
            String text = Files.readString(file);
            Pattern.compile("\\]\\(([^)#:]+)[^)]*\\)")
                    .matcher(text)
                    .results()
                    .map(link -> link.group(1))
                    .forEach(
                            link -> assertThat(file.toAbsolutePath().getParent().resolve(link))
                                    .as("%s links to %s", page, link)
                                    .exists());
        }
    }

    @Test
    void thePageOnLoggingShowsTheConfigurationsThatTheBuildRuns() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/logging.md"));
        for (String file : List.of(
                "logback/src/test/resources/logback-logstash.xml",
                "logback/src/test/resources/logback-json.xml",
                "logback/src/test/resources/logback-ecs.xml",
                "logback/src/test/resources/logback-message.xml",
                "log4j/src/test/resources/log4j2-test.xml")) {
            assertThat(page)
                    .as(file)
                    .contains(Files.readString(ROOT.resolve("checks/consumer/hosts/back-ends/" + file)));
        }
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }
}
