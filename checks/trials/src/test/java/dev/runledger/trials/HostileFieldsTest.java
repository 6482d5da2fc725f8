package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.testkit.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fields, names and reasons of every hostile kind, through both databases: what is read back is what was emitted. */
class HostileFieldsTest {
    private static final Sanitizer SANITIZER = Sanitizer.of(Redactor.standard(), Limits.standard());

    private static final int LIMIT = 64 * 1024;
    private static final RunId ABSENT = RunId.of("absent");

    private final long seed = Long.getLong("ledger.seed", 20260301L);
    private final Random random = new Random(seed);
    private final HostileFields hostile = new HostileFields(random);
    private final RecordingSink recorder = new RecordingSink();
    private int refused;
    private int truncated;
    private int rows;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Database.class)
    void whateverAMapHoldsTheRowIsReadBackAsItWasEmitted(Database database) {
        int maps = Rounds.of(1_000, 10_000);
        try (TestStore bench = TestStore.open(database, folder);
                Ledger ledger = Ledger.builder()
                        .store(bench.store())
                        .sink(recorder)
                        .echo(false)
                        .build()) {
            for (int i = 0; i < maps / 4; i++) { // a run has four of them
                RunId id = RunId.of("r-" + i);
                live(ledger, id);
                assertThatItReadsAsEmitted(bench, id);
            }
            assertThat(bench.store().unreadableRows()).isZero();
            assertThat(ledger.events().counters().buildFailures()).isZero();
            assertThat(truncated).isPositive();
            System.out.printf(
                    "fields, %s: seed %d, %d maps, %d refused by name, %d rows read back as emitted, %d of them truncated%n",
                    database, seed, maps, refused, rows, truncated);
        }
    }

    private void live(Ledger ledger, RunId id) {
        ledger.dispatch(run(id), options(ledger)).orElseThrow();
        ledger.start(id, worker(ledger, id), options(ledger)).orElseThrow();
        TaskId task = TaskId.of(id + "-task");
        ledger.tasks().start(id, NewTask.of(name("task")).id(task)).orElseThrow();
        Failure failure = Failure.of(hostile.text(), new IllegalStateException(hostile.text()));
        ledger.tasks()
                .fail(task, failure, TaskRun.Result.nothing(), options(ledger))
                .orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.OTHER).reason(hostile.text())).orElseThrow();
        ledger.resume(id, Resumption.of(name("decision"), name("actor"))).orElseThrow();
        CallOptions last = options(ledger);
        switch (random.nextInt(3)) {
            case 0 -> ledger.cancel(id, hostile.text(), last).orElseThrow();
            case 1 -> ledger.incomplete(id, hostile.text(), last).orElseThrow();
            default -> ledger.fail(id, Failure.of(hostile.text()), last).orElseThrow();
        }
    }

    /** Returns options with hostile fields. A ledger refuses some by an exception that is fit to be shown; then it takes others. */
    private CallOptions options(Ledger ledger) {
        try {
            EventFields fields = random.nextBoolean() ? EventFields.of(hostile.any()) : hostile.taken();
            CallOptions options = CallOptions.customFields(fields);
            assertThat(ledger.cancel(ABSENT, "only to try the fields", options).isApplied())
                    .isFalse();
            return options;
        } catch (IllegalArgumentException named) {
            refused++;
            assertThat(named.getMessage()).hasSizeLessThan(1_000);
            assertThat(named.getMessage().chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x202E);
            return CallOptions.customFields(hostile.taken());
        }
    }

    private NewRun run(RunId id) {
        return NewRun.of(name("review"))
                .id(id)
                .project(name("project"))
                .target(name("target") + id)
                .taskQueue(name("queue"));
    }

    /** Returns a hostile name if the ledger takes it, else this one: the ledger refuses a name that it would have to clean or mask. */
    private String name(String good) {
        String text = hostile.text();
        try {
            NewRun.of("w").taskQueue(text);
            return SANITIZER.isPlain(text) ? text : good;
        } catch (IllegalArgumentException named) {
            assertThat(named.getMessage().chars()).noneMatch(Character::isISOControl);
            return good;
        }
    }

    /** Returns the name of a worker; one that is refused leaves the run as it is. */
    private String worker(Ledger ledger, RunId id) {
        String text = hostile.text();
        assertThatThrownBy(() -> ledger.start(id, "\u0000" + text)).isInstanceOf(IllegalArgumentException.class);
        CallOptions key = CallOptions.idempotencyKey(text + "\uD800");
        assertThatThrownBy(() -> ledger.start(id, "w", key)).isInstanceOf(IllegalArgumentException.class);
        return name("w");
    }

    private void assertThatItReadsAsEmitted(TestStore bench, RunId id) {
        Comparator<LedgerEvent> byId = Comparator.comparing(LedgerEvent::eventId);
        List<LedgerEvent> live = recorder.eventsOf(id).stream().sorted(byId).toList();
        List<LedgerEvent> read =
                bench.store().history().events(id).stream().sorted(byId).toList();
        assertThat(read)
                .extracting(LedgerEvent::eventId)
                .isEqualTo(live.stream().map(LedgerEvent::eventId).toList());
        for (int i = 0; i < live.size(); i++) {
            String json = EventJson.write(live.get(i));
            assertThat(EventJson.write(read.get(i))).as("seed %d", seed).isEqualTo(json);
            assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LIMIT);
            assertThat(json.chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
            truncated += live.get(i)
                            .get(EventField.TRUNCATED)
                            .filter(Boolean.TRUE::equals)
                            .isPresent()
                    ? 1
                    : 0;
            rows++;
        }
        recorder.clear();
    }
}
