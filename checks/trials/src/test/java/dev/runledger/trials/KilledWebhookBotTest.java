package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.event.EventType;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.faults.DurablePostgres;
import dev.runledger.faults.HostProcess;
import dev.runledger.faults.Rounds;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.TaskChange;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/**
 * The webhook bot, run as its user runs it and killed with SIGKILL at random moments, again and again on one database. Each event line
 * that it printed acknowledges a transition: all of them have to be stored, and everything that is stored has to be legal. After the next
 * start no run stays stuck.
 */
class KilledWebhookBotTest {
    private static final Path JAR = Path.of("..", "..", "examples", "webhook-bot", "target", "webhook-bot.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOST_AFTER = "3"; // seconds
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    @Test
    void nothingThatItPrintedIsLostOnSqlite() throws Exception {
        Path file = folder.resolve("runs.db");
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        kills("SQLite", file.toString(), source);
    }

    @Test
    void nothingThatItPrintedIsLostOnPostgres() throws Exception {
        try (DurablePostgres server = DurablePostgres.start()) {
            String url = server.newDatabase();
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(url);
            kills("PostgreSQL", url, source);
        }
    }

    private void kills(String name, String database, DataSource source) throws Exception {
        Deliveries deliveries = new Deliveries(JAR);
        int rounds = Rounds.of(3, 100);
        long acknowledged = 0;
        long unfinished = 0;
        for (int round = 0; round < rounds; round++) {
            Path file = deliveries.write(folder.resolve(name + round + ".jsonl"), "r" + round, 60);
            Printed printed;
            try (HostProcess bot = HostProcess.start(
                    JAR, "--db", database, "--deliveries", file.toString(), "--lost-after", LOST_AFTER)) {
                int lines =
                        40 + random.nextInt(160); // by what it has done, not by a time: a busy machine makes it slower
                AtomicInteger printedLines = new AtomicInteger();
                bot.awaitLine(line -> line.startsWith("{") && printedLines.incrementAndGet() == lines, PATIENCE);
                unfinished += bot.alive() ? 1 : 0;
                bot.kill();
                printed = Printed.by(bot.lines());
            }
            StoredHistory stored = new StoredHistory(StoredRows.read(source, ""));
            assertThat(stored.faults())
                    .as("%s, seed %d, kill %d", name, seed, round)
                    .isEmpty();
            assertThat(stored.missing(printed.acknowledged().states())).isEmpty();
            assertThat(refusals(source)).containsAll(printed.refusals());
            acknowledged += printed.acknowledged().size();
        }
        int runs = theNextStartLeavesNothingStuck(database, source);
        System.out.printf(
                "webhook bot on %s, seed %d: %d kills (%d in the middle), %d runs, %d acknowledged events, 0 lost%n",
                name, seed, rounds, unfinished, runs, acknowledged);
        assertThat(unfinished).as("the kills came while it worked").isEqualTo(rounds);
        assertThat(acknowledged).isGreaterThan(rounds * 20L);
    }

    /** What the bot printed before it died. */
    private record Printed(Acknowledged acknowledged, Set<String> refusals) {
        static Printed by(List<String> lines) throws Exception {
            Acknowledged acknowledged = new Acknowledged();
            Set<String> refusals = new TreeSet<>();
            for (String line : lines) {
                JsonNode event = JSON.readTree(line);
                String id = event.path("eventId").asText();
                EventType type = EventType.ofName(event.path("event").asText()).orElseThrow();
                if (type == WorkflowRunEvent.DISPATCH_REFUSED) {
                    refusals.add(id);
                } else {
                    entered(type).ifPresent(state -> acknowledged.add(id, state));
                }
            }
            return new Printed(acknowledged, refusals);
        }
    }

    /** Returns the state that an event says its run or task entered, or empty if it is no transition. */
    private static Optional<String> entered(EventType type) {
        if (type == WorkflowRunEvent.QUEUED) {
            return Optional.of(RunState.QUEUED.name());
        }
        if (type instanceof WorkflowRunEvent run) {
            return run.command().map(command -> command.enters().name());
        }
        return Arrays.stream(TaskChange.Kind.values())
                .filter(kind -> kind.event() == type)
                .map(kind -> kind.enters().name())
                .findFirst();
    }

    private static Set<String> refusals(DataSource source) {
        try (JdbiRunStore store = JdbiRunStore.on(source)) {
            return store.history().refusals(1_000_000).stream()
                    .map(event -> event.eventId())
                    .collect(Collectors.toSet());
        }
    }

    private int theNextStartLeavesNothingStuck(String database, DataSource source) throws Exception {
        try (HostProcess bot = HostProcess.start(
                        JAR, "--db", database, "--serve", "0", "--secret", "a secret", "--lost-after", LOST_AFTER);
                JdbiRunStore store = JdbiRunStore.on(source)) {
            String listening = bot.awaitError(line -> line.startsWith("listening on"), PATIENCE);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!stuck(store.history()).isEmpty() && System.nanoTime() < end) {
                LockSupport.parkNanos(200_000_000);
            }
            assertThat(stuck(store.history())).as(bot::errors).isEmpty();
            assertThat(health(listening)).contains("\"up\"");
            assertThat(bot.stop(PATIENCE)).isEqualTo(143); // as a process ends that was asked to
        }
        StoredHistory stored = new StoredHistory(StoredRows.read(source, ""));
        assertThat(stored.faults()).isEmpty();
        return stored.runs();
    }

    /** Returns what has neither ended nor waits for an approval, itself or as the parent of a run that does. */
    private static List<WorkflowRun> stuck(RunHistory history) {
        RunQuery inFlight = RunQuery.builder()
                .states(RunState.QUEUED, RunState.RUNNING)
                .limit(RunQuery.MAX_LIMIT)
                .build();
        return history.page(inFlight).runs().stream()
                .filter(run -> !run.handedOff()
                        || history.children(run.id()).stream().noneMatch(child -> child.state() == RunState.SUSPENDED))
                .toList();
    }

    private static String health(String listening) throws Exception {
        URI page = URI.create(listening.substring(listening.indexOf("http"))).resolve("/health");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
