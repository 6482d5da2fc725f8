package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runledger.Ledger;
import dev.runledger.history.RunQuery;
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
import org.slf4j.LoggerFactory;

class ReadmeTest {
    private static final Path ROOT = Path.of("../..");
    private static final String SOURCE = "docs/manual/src/test/java/dev/runledger/docs/ReadmeTest.java";

    /** The application's own code. */
    private interface Reviewer {
        int read(Optional<Target> target);
    }

    private final Reviewer reviewer = target -> 2;
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Slf4jSink.LOGGER);

    @BeforeEach
    void readTheLog() throws Exception {
        deleteTheFile();
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void deleteTheFile() throws Exception {
        logger.detachAppender(lines);
        for (String name : List.of("runs.db", "runs.db-wal", "runs.db-shm")) {
            Files.deleteIfExists(Path.of(name));
        }
    }

    @Test
    void theCodeOfTheFirstScreenDoesWhatItSays() throws Exception {
        // snippet
        BlockingQueue<RunId> queue = new LinkedBlockingQueue<>();
        try (JdbiRunStore store =
                        JdbiRunStore.sqlite(Path.of("runs.db")); // or JdbiRunStore.on(dataSource) for PostgreSQL
                Ledger ledger = Ledger.builder()
                        .store(store)
                        .sink(Slf4jSink.keyValues())
                        .queue(run -> queue.add(run.id()))
                        .build()) {
            ledger.dispatch(NewRun.of("review").target("acme/app#42")).orElseThrow();

            RunId id = queue.take(); // in your worker
            Transition end = ledger.execute(id, "worker-1", scope -> {
                int findings = scope.task("read-diff", task -> reviewer.read(scope.target()));
                return findings == 0 ? RunOutcome.succeeded() : RunOutcome.incomplete(findings + " findings");
            });
        }
        // end
        assertThat(lines.list)
                .extracting(line -> line.getKeyValuePairs().get(0).value)
                .containsExactly(
                        "workflow.run.queued",
                        "workflow.run.running",
                        "workflow.task.started",
                        "workflow.task.succeeded",
                        "workflow.run.incomplete",
                        "workflow.run.completed");
        try (JdbiRunStore reopened = JdbiRunStore.sqlite(Path.of("runs.db"))) {
            assertThat(reopened.history().page(RunQuery.all()).runs())
                    .singleElement()
                    .satisfies(run -> {
                        assertThat(run.state()).isEqualTo(RunState.INCOMPLETE);
                        assertThat(run.reason()).contains("2 findings");
                    });
        }
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
                "CHANGELOG.md",
                "docs/manual.md",
                "docs/glossary.md",
                "docs/types.md",
                "docs/consumers.md",
                "docs/extending.md",
                "docs/logging.md",
                "docs/rules.md",
                "docs/store.md",
                "docs/metrics.md",
                "docs/testing.md",
                "docs/traces.md",
                "docs/benchmarks.md",
                "examples/own-store-and-sink/README.md",
                "examples/webhook-bot/README.md")) {
            Path file = ROOT.resolve(page);
            String text = Files.readString(file);
            Pattern.compile("\\]\\((?!https?:)([^)#:]+)[^)]*\\)")
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
                "log4j/src/test/resources/log4j2-test.xml",
                "plain/src/test/resources/logging.properties",
                "plain/src/test/resources/simplelogger.properties")) {
            assertThat(page)
                    .as(file)
                    .contains(Files.readString(ROOT.resolve("checks/consumer/hosts/back-ends/" + file)));
        }
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }
}
