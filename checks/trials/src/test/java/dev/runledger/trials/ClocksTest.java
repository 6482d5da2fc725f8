package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.faults.HostProcess;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clocks that jump, and applications that disagree about the time and the zone. */
class ClocksTest {
    private static final List<Duration> JUMPS = List.of(
            Duration.ofHours(-1),
            Duration.ofHours(1),
            Duration.ofSeconds(-1),
            Duration.ofNanos(-1_000),
            Duration.ZERO,
            Duration.ofMillis(5));

    private static final List<EventField> DURATIONS =
            List.of(EventField.DURATION_MS, EventField.QUEUE_WAIT_MS, EventField.SUSPENDED_MS);

    @TempDir
    private Path folder;

    // ---- the clock of the application, which SQLite goes by

    @Test
    void howeverTheClockJumpsNoDurationIsNegativeAndEventsStayInTheirOrder() {
        long seed = Long.getLong("ledger.seed", 20260301L);
        Random random = new Random(seed);
        MutableClock clock = MutableClock.at("2026-03-29T00:59:30Z"); // half a minute before summer time in Europe
        RecordingSink recorder = new RecordingSink();
        int rounds = Rounds.of(200, 5_000);
        int backwards = 0;
        try (JdbiRunStore store = JdbiRunStore.builder(folder.resolve("runs.db"))
                        .clock(clock)
                        .build();
                Ledger ledger = skewed(store, clock, recorder)) {
            for (int round = 0; round < rounds; round++) {
                RunId id = RunId.of("r-" + round);
                for (Runnable call : life(ledger, id)) {
                    Duration jump = JUMPS.get(random.nextInt(JUMPS.size()));
                    backwards += jump.isNegative() ? 1 : 0;
                    clock.advance(jump);
                    call.run();
                }
                assertThatTimeMakesSense(store, id);
                assertThat(recorder.events()).hasSize(8);
                recorder.events().forEach(ClocksTest::assertThatNoDurationIsNegative);
                recorder.clear();
            }
        }
        System.out.printf(
                "jumping clock: seed %d, %d runs, %d jumps backwards, 0 negative durations, all events by seq%n",
                seed, rounds, backwards);
    }

    private static List<Runnable> life(Ledger ledger, RunId id) {
        TaskId task = TaskId.of(id + "-task");
        return List.of(
                () -> ledger.dispatch(NewRun.of("review").id(id)).orElseThrow(),
                () -> ledger.start(id, "w").orElseThrow(),
                () -> ledger.tasks().start(id, NewTask.of("fetch").id(task)).orElseThrow(),
                () -> ledger.tasks().succeed(task).orElseThrow(),
                () -> ledger.suspend(id, Wait.of(Wait.Code.APPROVAL)).orElseThrow(),
                () -> ledger.resume(id, Resumption.of()).orElseThrow(),
                () -> ledger.suspend(id, Wait.of(Wait.Code.CALLBACK)).orElseThrow(),
                () -> ledger.cancel(id, "enough").orElseThrow());
    }

    private static void assertThatTimeMakesSense(JdbiRunStore store, RunId id) {
        WorkflowRun run = store.history().run(id).orElseThrow();
        assertThat(run.times().suspended()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(run.times().elapsed()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(run.times().queueWait().orElseThrow()).isGreaterThanOrEqualTo(Duration.ZERO);
        List<LedgerEvent> events = store.history().events(id);
        events.forEach(ClocksTest::assertThatNoDurationIsNegative);
        assertThat(events)
                .extracting(LedgerEvent::eventId)
                .containsExactlyElementsOf(Stream.concat(
                                LongStream.rangeClosed(1, run.seq()).mapToObj(seq -> id + ":" + seq),
                                Stream.of(id + "-task:1", id + "-task:2"))
                        .toList());
    }

    private static void assertThatNoDurationIsNegative(LedgerEvent event) {
        DURATIONS.forEach(field ->
                assertThat(event.number(field).orElse(0L)).as("%s", event).isNotNegative());
    }

    // ---- zones

    /** Lets a child process in another zone write and import; its instants and the stored ones are the same. */
    @ParameterizedTest
    @EnumSource(Database.class)
    void whateverZoneTheProcessIsInInstantsAreStoredInUtc(Database database) {
        String url = TestStore.emptyDatabase(database, folder);
        StoreProfile profile = database == Database.SQLITE ? StoreProfile.SQLITE_SOURCE : StoreProfile.POSTGRESQL;
        String[] zones = {"America/St_Johns", "Europe/Berlin", "Pacific/Apia"};
        for (String zone : zones) {
            Instant before = Instant.now().minusMillis(1);
            try (HostProcess host = HostProcess.start(ZonedHost.class, profile.name(), url, zone)) {
                assertThat(host.awaitExit(Duration.ofSeconds(60)))
                        .as(host.errors())
                        .isZero();
                assertThat(host.lines()).contains("zone " + zone);
            }
            Instant after = Instant.now().plusMillis(1);
            String column =
                    database == Database.SQLITE ? "queued_at" : "(EXTRACT(EPOCH FROM queued_at) * 1000000)::bigint";
            String from = " FROM ledger_run WHERE id = '" + ZonedHost.live(zone) + "'";
            long micros = Long.parseLong(Backends.ask(profile.plain(url), "SELECT " + column + from));
            assertThat(Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000))
                    .as(zone)
                    .isBetween(before, after);
            for (Instant then : ZonedHost.HARD) {
                String imported = " FROM ledger_run WHERE id = '" + ZonedHost.imported(zone, then) + "'";
                assertThat(Backends.ask(profile.plain(url), "SELECT " + column + imported))
                        .as("%s in %s", then, zone)
                        .isEqualTo(Long.toString(then.getEpochSecond() * 1_000_000 + then.getNano() / 1_000));
                JdbiRunStore here = JdbiRunStore.on(profile.plain(url));
                assertThat(here.history()
                                .run(ZonedHost.imported(zone, then))
                                .orElseThrow()
                                .times()
                                .queuedAt())
                        .isEqualTo(then);
            }
        }
        System.out.printf(
                "zones, %s: %d zones, %d hard instants each%n", database, zones.length, ZonedHost.HARD.size());
    }

    @Test
    void whateverZoneASessionOfPostgresIsInInstantsAreTheSame() {
        String url = Servers.newest().newDatabase();
        for (String zone : new String[] {"America/St_Johns", "Europe/Berlin", "Pacific/Apia", "-12:45"}) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(2);
            config.setConnectionInitSql("SET TIME ZONE '" + zone + "'");
            try (HikariDataSource pool = new HikariDataSource(config)) {
                assertThat(Backends.ask(pool, "SHOW TimeZone")).isNotEqualTo("UTC");
                JdbiRunStore store = JdbiRunStore.on(pool);
                for (Instant then : ZonedHost.HARD) {
                    RunId id = ZonedHost.imported(zone.replace(':', '.').replace('/', '.'), then);
                    assertThat(Ledgers.importRun(store, ZonedHost.finished(id, then)))
                            .isTrue();
                    assertThat(JdbiRunStore.on(StoreProfile.POSTGRESQL.plain(url))
                                    .history()
                                    .run(id)
                                    .orElseThrow()
                                    .times()
                                    .queuedAt())
                            .isEqualTo(then);
                    assertThat(store.history().run(id).orElseThrow().times().queuedAt())
                            .isEqualTo(then);
                }
            }
        }
    }

    // ---- two clocks

    @Test
    void onPostgresTimesAndDurationsAreThoseOfTheDatabase() {
        try (TestStore bench = TestStore.open(Database.POSTGRESQL, folder)) {
            RecordingSink recorder = new RecordingSink();
            InstantSource late = () -> Instant.now().minus(Duration.ofMinutes(10));
            InstantSource early = () -> Instant.now().plus(Duration.ofMinutes(10));
            try (Ledger one = skewed(storeOf(bench, late), late, recorder);
                    Ledger two = skewed(storeOf(bench, early), early, recorder)) {
                int rounds = Rounds.of(20, 500);
                for (int round = 0; round < rounds; round++) {
                    RunId id = RunId.of("r-" + round);
                    List<Runnable> ofOne = life(one, id);
                    List<Runnable> ofTwo = life(two, id);
                    Instant before = databaseTime(bench);
                    for (int i = 0; i < ofOne.size(); i++) {
                        ((i + round) % 2 == 0 ? ofOne : ofTwo).get(i).run();
                    }
                    Duration took = Duration.between(before, databaseTime(bench));
                    assertThat(recorder.events()).hasSize(8);
                    Stream.concat(recorder.events().stream(), bench.store().history().events(id).stream())
                            .forEach(event -> assertThatItIsWithin(event, before, took));
                    recorder.clear();
                    assertThatTimeMakesSense(bench.store(), id);
                }
                System.out.printf(
                        "two clocks: %d runs by processes 20 minutes apart, every time is the database's%n", rounds);
            }
        }
    }

    private static Ledger skewed(JdbiRunStore store, InstantSource clock, RecordingSink recorder) {
        return Ledger.builder()
                .store(store)
                .clock(clock)
                .sink(recorder)
                .echo(false)
                .build();
    }

    private static JdbiRunStore storeOf(TestStore bench, InstantSource clock) {
        return JdbiRunStore.builder(bench.pool()).clock(clock).build();
    }

    private static Instant databaseTime(TestStore bench) {
        long micros = Long.parseLong(
                Backends.ask(bench.pool(), "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint"));
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }

    private static void assertThatItIsWithin(LedgerEvent event, Instant before, Duration took) {
        assertThat(event.occurredAt()).as("%s", event).isBetween(before, before.plus(took));
        DURATIONS.forEach(field ->
                assertThat(event.number(field).orElse(0L)).as("%s", event).isBetween(0L, took.toMillis()));
    }
}
