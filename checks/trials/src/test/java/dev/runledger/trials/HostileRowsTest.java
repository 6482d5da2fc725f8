package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.Database;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that no ledger wrote: each spoils itself only, and none has a class loaded. */
class HostileRowsTest {
    @TempDir
    private Path folder;

    private final List<String> failures = new ArrayList<>();
    private TestStore bench;
    private RunId good;
    private int runs;
    private int harms;

    @AfterEach
    void noClassWasLoaded() {
        assertThat(System.getProperty("ledger.test.canary")).isNull();
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aRowThatNoLedgerWroteSpoilsNoOther(Database database) {
        try (TestStore opened = TestStore.open(database, folder)) {
            bench = opened;
            good = richRun();
            Stream.concat(Harm.STATEMENTS.stream(), Harm.only(database).stream())
                    .map(sql -> database == Database.SQLITE ? sql.replace("chr(", "char(") : sql)
                    .forEach(sql -> harm(sql, id -> bench.execute(sql, id.value())));
            Harm.EVENTS.forEach(event -> harmEachEvent("event", event));
            Harm.DATA.forEach(data -> harmEachEvent("data", data));
            System.out.printf(
                    "rows, %s: %d kinds of bad rows, %d times a row could not be read%n",
                    database, harms, bench.store().unreadableRows());
        }
        assertThat(String.join("\n", failures)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void whatBecameOfACallOnSuchARowIsNotMisstated(Database database) {
        try (TestStore opened = TestStore.open(database, folder)) {
            RunId id = opened.running("review");
            opened.execute("UPDATE ledger_run SET context = 'no JSON' WHERE id = ?", id.value());
            StoreException thrown = catchThrowableOfType(
                    StoreException.class, () -> opened.ledger().cancel(id, "called off"));
            boolean changed = opened.count("ledger_event") > 2;
            assertThat(thrown.certainty())
                    .isEqualTo(changed ? StoreException.Certainty.UNKNOWN : StoreException.Certainty.NOT_STORED);
        }
    }

    /** Shows what was thrown and by which of our lines, short enough to be read among many. */
    private static String shown(Throwable thrown) {
        String where = Stream.of(thrown.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.runledger"))
                .limit(3)
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .collect(Collectors.joining(" < "));
        return "%.200s at %s".formatted(thrown, where);
    }

    private void harmEachEvent(String column, String value) {
        for (long seq = 1; seq <= 6; seq++) {
            harmEvent(column, value, "", seq);
        }
        for (long seq = 1; seq <= 4; seq++) {
            harmEvent(column, value, "-task", seq);
        }
    }

    private void harmEvent(String column, String value, String suffix, long seq) {
        String sql = "UPDATE ledger_event SET " + column + " = ? WHERE run_id = ? AND task_id = ? AND seq = ?";
        harm(
                "%s of run%s:%d = %.60s".formatted(column, suffix, seq, value),
                id -> bench.execute(sql, value, id.value(), suffix.isEmpty() ? "" : id + suffix, seq));
    }

    /** Changes rows of this run and returns how many. */
    @FunctionalInterface
    private interface Change {
        int of(RunId id);
    }

    private void harm(String what, Change change) {
        String name = what.substring(0, Math.min(100, what.length()));
        RunId bad = richRun();
        harms++;
        try {
            assertThat(change.of(bad)).isPositive();
        } catch (IllegalStateException refused) {
            throw new AssertionError("the database did not let it be written: " + name, refused);
        }
        require(name + " | page", () -> assertThatThePageShowsEveryOther(bad));
        RunHistory history = bench.store().history();
        attempt(name + " | run", () -> history.run(bad));
        attempt(name + " | events", () -> history.events(bad));
        attempt(name + " | tasks", () -> history.tasks(bad));
        attempt(name + " | task", () -> history.task(TaskId.of(bad + "-task")));
        attempt(name + " | children", () -> history.children(bad));
        attempt(name + " | cancel", () -> bench.ledger().cancel(bad, "late"));
        attempt(name + " | retry", () -> bench.ledger().tasks().retry(TaskId.of(bad + "-task")));
        require(name + " | the good one", this::assertThatTheGoodOneIsWhole);
        bench.execute("DELETE FROM ledger_run WHERE id IN (?, ?)", bad.value(), bad + "-child");
    }

    private void require(String what, Runnable read) {
        try {
            read.run();
        } catch (RuntimeException | Error thrown) {
            failures.add(what + ": " + shown(thrown));
        }
    }

    /** Makes a call, which may throw a {@link StoreException} with a safe message. */
    private void attempt(String what, Runnable read) {
        try {
            read.run();
        } catch (StoreException thrown) {
            String message = thrown.getMessage();
            boolean isSafe = message.length() < 600
                    && message.chars().noneMatch(Character::isISOControl)
                    && Stream.of("SELECT", "[[[", Harm.CANARY).noneMatch(message::contains);
            if (!isSafe) {
                failures.add(what + ": " + shown(thrown));
            }
        } catch (RuntimeException other) {
            failures.add(what + ": " + shown(other));
        }
    }

    private void assertThatThePageShowsEveryOther(RunId bad) {
        RunHistory history = bench.store().history();
        RunHistory.Page all = history.page(RunQuery.builder().limit(200).build());
        assertThat(all.runs())
                .extracting(WorkflowRun::id)
                .contains(RunId.of(bad + "-child"), good, RunId.of(good + "-child"));
        assertThat(all.unreadable()).hasSizeLessThanOrEqualTo(1);
        int seen = 0;
        RunQuery query = RunQuery.builder().limit(1).build();
        RunHistory.Page page = history.page(query);
        while (true) { // a bad row says where the next page begins, too
            seen += page.runs().size() + page.unreadable().size();
            if (page.next().isEmpty() || seen > 5) {
                break;
            }
            page = history.page(query.after(page));
        }
        assertThat(seen)
                .isEqualTo(Math.min(6, all.runs().size() + all.unreadable().size()));
    }

    private void assertThatTheGoodOneIsWhole() {
        RunHistory history = bench.store().history();
        assertThat(history.run(good)).isPresent();
        assertThat(history.events(good))
                .hasSize(10)
                .extracting(LedgerEvent::eventId)
                .contains(good + ":6");
        assertThat(history.tasks(good)).hasSize(1);
        assertThat(history.children(good)).hasSize(1);
    }

    /** Makes a run that has everything that a row can have: six events, a task with four, and a child. */
    private RunId richRun() {
        Ledger ledger = bench.ledger();
        RunId id = RunId.of("r%05d".formatted(runs++));
        Trigger trigger = Trigger.of("push")
                .deliveryId("d-" + id)
                .details(Payload.json("{\"a\":1}"))
                .payload(Payload.json("{\"b\":[1,2]}"));
        NewRun run = NewRun.of("review").id(id).target("t-" + id).trigger(trigger);
        ledger.dispatch(run).orElseThrow();
        ledger.start(id, "w").orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL)).orElseThrow();
        ledger.resume(id, Resumption.of("approved", "ada").payload(Payload.json("{}")))
                .orElseThrow();
        TaskId task = TaskId.of(id + "-task");
        ledger.tasks()
                .start(id, NewTask.of("build").id(task).input(Payload.json("{}")))
                .orElseThrow();
        ledger.tasks().fail(task, Failure.of("red")).orElseThrow();
        ledger.tasks().retry(task).orElseThrow();
        ledger.tasks().succeed(task, TaskRun.Result.of(Payload.json("{}"))).orElseThrow();
        ledger.handOff(id, NewRun.of("child").id(RunId.of(id + "-child"))).orElseThrow();
        ledger.fail(id, Failure.of("broken")).orElseThrow();
        return id;
    }
}
