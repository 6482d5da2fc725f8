package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.history.RunQuery;
import dev.runledger.micrometer.OperationsMeters;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.OperationsContract;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Runs the snippets of the page on operations, and holds the page to them. */
class OperationsPageTest {
    private static final Path PAGE = Path.of("..", "operations.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/runledger/docs/OperationsPageTest.java");

    @Test
    void aRunThatIsInFlightIsCancelledBeforeItIsErased() {
        AutoCloseable store = () -> {};
        AutoCloseable workers = () -> {};
        Ledger ledger =
                Ledger.builder().store(RunStore.inMemory()).sink(event -> {}).build();
        // snippet
        Operations operations = Operations.builder(ledger)
                .policy(RunPolicy.defaults().keep(Duration.ofDays(30)))
                .policy(
                        "review",
                        RunPolicy.defaults()
                                .executions(3) // a review can begin again
                                .atShutdown(RunPolicy.Interrupted.REQUEUE)
                                .queuedAtMost(Duration.ofHours(6))
                                .keep(Duration.ofDays(30)))
                .build()
                .start();
        // end
        RunId id = ledger.dispatch(NewRun.of("review").target("person/7"))
                .orElseThrow()
                .id();
        // snippet
        Operations.Erased erased = operations.erase(
                RunQuery.builder().target(Target.of("person/7")).build());
        for (RunId inFlight : erased.inFlight()) {
            ledger.cancel(inFlight, "erasure").orElseThrow();
        }
        // end
        assertThat(ledger.history().state(id)).contains(RunState.CANCELLED);
        // snippet
        Operations.Health health = operations.health();
        int status = health.isHealthy() ? 200 : 503;
        String shown = String.join("; ", health.problems()) + String.join("; ", health.warnings());
        // end
        assertThat(status).as(shown).isEqualTo(200);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        // snippet
        OperationsMeters meters = OperationsMeters.of(operations);
        meters.bindTo(registry);
        // end
        assertThat(registry.get("ledger.instances").gauge().value()).isOne();
        meters.close();
        close(workers, operations, ledger, store);
        assertThat(registry.getMeters()).isEmpty();
    }

    private static void close(AutoCloseable workers, Operations operations, Ledger ledger, AutoCloseable store) {
        try {
            // snippet
            workers.close(); // no handler runs any more
            operations.close();
            ledger.close();
            store.close();
            // end
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** An application as the page has one. */
    private record Application(Ledger ledger, Operations operations) {
        static Application start() {
            Ledger ledger = Ledger.builder()
                    .store(RunStore.inMemory())
                    .sink(event -> {})
                    .build();
            return new Application(
                    ledger,
                    Operations.builder(ledger)
                            .sweepEvery(Duration.ofSeconds(1))
                            .build()
                            .start());
        }

        void stop() {
            operations.close();
            ledger.close();
        }
    }

    @Nested
    // snippet
    class OurOperationsTest extends OperationsContract {
        private final Application application = Application.start();

        @Override
        protected Ledger ledger() {
            return application.ledger();
        }
        // end

        @AfterEach
        void stop() {
            application.stop();
        }
    }

    @Test
    void theSnippetsOfThePageAreCodeThatRuns() throws IOException {
        List<String> run = blocks("(?s)// snippet\n(.*?)// end", SOURCE);
        assertThat(blocks("(?s)```java\n(.*?)```", PAGE))
                .hasSize(6)
                .allSatisfy(snippet ->
                        assertThat(run).anySatisfy(code -> assertThat(snippet).startsWith(code)));
    }

    private static List<String> blocks(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(block -> block.group(1).stripIndent().strip())
                .toList();
    }
}
