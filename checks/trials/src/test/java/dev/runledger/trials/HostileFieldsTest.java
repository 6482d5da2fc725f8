package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventContract;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.failure.ErrorCategorizer;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.testkit.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fields, names and reasons of every hostile kind, through both databases: what is read back is what was told (H1). */
class HostileFieldsTest {
    private static final EventContract CONTRACT =
            new EventContract(Redactor.standard(), Limits.standard(), ErrorCategorizer.standard());

    private static final int LIMIT = 64 * 1024;

    private final long seed = Long.getLong("ledger.seed", 20260301L);
    private final Random random = new Random(seed);
    private final HostileFields hostile = new HostileFields(random);
    private final RecordingSink told = new RecordingSink();
    private final WorkflowRunEvents events =
            WorkflowRunEvents.builder().sink(told).echo(false).build();
    private int refused;
    private int truncated;
    private int rows;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        events.close();
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void whateverAMapHoldsTheRowIsReadBackAsItWasTold(Database database) {
        int maps = Rounds.of(1_000, 10_000);
        try (TestStore bench = TestStore.open(database, folder)) {
            Ledger ledger = Ledger.builder().store(bench.store()).events(events).build();
            for (int i = 0; i < maps / 4; i++) { // a run has four of them
                RunId id = RunId.of("r-" + i);
                live(ledger, id);
                assertThatItReadsAsTold(bench, id);
            }
            assertThat(bench.store().unreadableRows()).isZero();
            assertThat(events.counters().buildFailures()).isZero();
            assertThat(truncated).isPositive();
            System.out.printf(
                    "H1 %s: seed %d, %d maps, %d refused by name, %d rows read back as told, %d of them truncated%n",
                    database, seed, maps, refused, rows, truncated);
        }
    }

    private void live(Ledger ledger, RunId id) {
        with(ledger).dispatch(run(id)).orElseThrow();
        with(ledger).start(id, worker(ledger, id)).orElseThrow();
        TaskId task = TaskId.of(id + "-task");
        ledger.tasks().start(id, NewTask.of(name("task")).id(task)).orElseThrow();
        with(ledger)
                .tasks()
                .fail(task, Failure.of(hostile.text(), new IllegalStateException(hostile.text())))
                .orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.OTHER).reason(hostile.text())).orElseThrow();
        ledger.resume(id, Resumption.of(name("decision"), name("actor"))).orElseThrow();
        Ledger last = with(ledger);
        switch (random.nextInt(3)) {
            case 0 -> last.cancel(id, hostile.text()).orElseThrow();
            case 1 -> last.incomplete(id, hostile.text()).orElseThrow();
            default -> last.fail(id, Failure.of(hostile.text())).orElseThrow();
        }
    }

    /** A name of this map is refused, by an exception that is fit to be shown, or the ledger takes the fields. */
    private Ledger with(Ledger ledger) {
        try {
            return random.nextBoolean()
                    ? ledger.withFields(EventFields.of(hostile.any()))
                    : ledger.withFields(hostile.taken());
        } catch (IllegalArgumentException named) {
            refused++;
            assertThat(named.getMessage()).hasSizeLessThan(1_000);
            assertThat(named.getMessage().chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x202E);
            return ledger.withFields(hostile.taken());
        }
    }

    private NewRun run(RunId id) {
        return NewRun.of(name("review"))
                .id(id)
                .project(name("project"))
                .target(name("target") + id)
                .taskQueue(name("queue"));
    }

    /** A hostile name where it is taken, else this one: the ledger refuses one that it would have to clean or to mask. */
    private String name(String good) {
        String text = hostile.text();
        try {
            NewRun.of("w").taskQueue(text);
            return CONTRACT.isPlain(text) ? text : good;
        } catch (IllegalArgumentException named) {
            assertThat(named.getMessage().chars()).noneMatch(Character::isISOControl);
            return good;
        }
    }

    /** A worker that is refused leaves the run as it is. */
    private String worker(Ledger ledger, RunId id) {
        String text = hostile.text();
        assertThatThrownBy(() -> ledger.start(id, "\u0000" + text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.withTransitionId(text + "\uD800")).isInstanceOf(IllegalArgumentException.class);
        return name("w");
    }

    private void assertThatItReadsAsTold(TestStore bench, RunId id) {
        Comparator<LedgerEvent> byId = Comparator.comparing(LedgerEvent::eventId);
        List<LedgerEvent> live = told.eventsOf(id).stream().sorted(byId).toList();
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
            truncated += Boolean.TRUE.equals(live.get(i).get(EventField.TRUNCATED)) ? 1 : 0;
            rows++;
        }
        told.clear();
    }
}
