package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.failure.Failure;
import dev.runledger.faults.CountingDataSource;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.state.RunState;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.RetentionStore.Rule;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds every statement, as it is sent, to a file beside the migrations, so that a change of one is seen in a review; {@code
 * -Dledger.docs=write} writes the files anew.
 */
class StatementTextsTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources", "dev", "runledger", "jdbi");
    private static final Head KEYED = Head.of().idempotencyKey("k");
    private static final Payload BODY = Payload.stored("{}", null, 2, null, false);

    @TempDir
    private Path folder;

    private final StringBuilder texts = new StringBuilder();
    private CountingDataSource counting;
    private JdbiRunStore store;

    @ParameterizedTest
    @EnumSource(Database.class)
    void areThoseOfTheFile(Database database) throws IOException {
        try (TestStore bench = TestStore.open(database, folder, pool -> counting = new CountingDataSource(pool))) {
            store = bench.store();
            runs();
            waits();
            ends();
            tasks();
            reads();
            upkeep();
            if (database == Database.POSTGRESQL) {
                many();
            }
        }
        Path file = RESOURCES.resolve(database.folder()).resolve("statements.sql");
        if ("write".equals(System.getProperty("ledger.docs"))) {
            Files.writeString(file, texts);
        }
        assertThat(Files.readString(file)).isEqualTo(texts.toString());
    }

    private void sends(String name, Runnable call) {
        counting.reset();
        call.run();
        texts.append("-- ").append(name).append('\n');
        counting.statements().stream()
                .filter(sql -> !sql.startsWith("PRAGMA"))
                .forEach(sql -> texts.append(broken(sql)).append(";\n"));
        texts.append('\n');
    }

    /** Breaks a statement into lines, one for each part of it. */
    private static String broken(String sql) {
        return sql.replaceAll(", (\\w+) AS (MATERIALIZED )?\\((SELECT|INSERT|UPDATE|DELETE)", ",\n    $1 AS $2($3")
                .replaceAll("\\) SELECT (?=queued_at FROM flight|moment|r\\.|new\\.)(?!.*\\n)", ")\nSELECT ");
    }

    private void sends(String name, StoreCommand<?> command) {
        sends(name, () -> assertThat(store.apply(command)).as(name).isNotNull());
    }

    private static RunId id(String name) {
        return RunId.of(name);
    }

    private static NewRun run(String name) {
        return NewRun.of("review").id(id(name));
    }

    private static StoreCommand<?> dispatch(NewRun run) {
        return new StoreCommand.DispatchRun(run, Head.of());
    }

    private void running(String name) {
        store.apply(new StoreCommand.DispatchRun(run(name), Head.of())).orElseThrow();
        store.apply(new RunChange.Start(id(name), "w", Head.of())).orElseThrow();
    }

    private void runs() {
        Trigger trigger = Trigger.of("push").deliveryId("d").details(BODY).payload(BODY);
        sends("dispatch", dispatch(run("a")));
        sends("dispatch, with a target", dispatch(run("b").target("t")));
        sends(
                "dispatch, with a target and a payload",
                dispatch(run("c").target("u").input("{}")));
        sends("dispatch, once per delivery", dispatch(run("d").trigger(trigger).oncePerDelivery(true)));
        sends(
                "dispatch, with a target, once per delivery",
                dispatch(run("e").target("v").trigger(trigger).oncePerDelivery(true)));
        sends(
                "dispatch of a child, with a target",
                dispatch(run("f").target("t").parentRunId(id("b"))));
        sends("dispatch, refused by the guard", dispatch(run("g").target("t")));
        sends("dispatch, again", dispatch(run("a")));
        sends("enqueueFailed", new RunChange.EnqueueFailed(id("d"), Failure.of("full"), Head.of()));
        sends("start", new RunChange.Start(id("a"), "w", Head.of()));
        sends("start, with an idempotency key", new RunChange.Start(id("b"), "w", KEYED));
        sends("start, rejected", new RunChange.Start(id("a"), "other", Head.of()));
        sends("requeue", new RunChange.Requeue(id("b"), "deploy", Head.of()));
        sends("handOff", new RunChange.HandOff(id("a"), run("h").parentRunId(id("a")), Head.of()));
    }

    private void waits() {
        running("w");
        Resumption answered = Resumption.of("approved", "ada").payload(BODY);
        sends("suspend", new RunChange.Suspend(id("w"), Wait.of(Wait.Code.APPROVAL), Head.of()));
        sends("resume", new RunChange.Resume(id("w"), Resumption.of("approved", "ada"), Head.of()));
        sends("claim", new StoreCommand.ClaimRun(id("w"), "w-2", Head.of()));
        store.apply(new RunChange.Suspend(id("w"), Wait.of(Wait.Code.APPROVAL), Head.of()))
                .orElseThrow();
        sends("resume, with a payload", new RunChange.Resume(id("w"), answered, Head.of()));
    }

    private void ends() {
        sends("succeed", new RunChange.Succeed(id("w"), Head.of()));
        sends("succeed, again", new RunChange.Succeed(id("w"), Head.of()));
        running("x");
        sends("incomplete", new RunChange.Incomplete(id("x"), "red", Head.of()));
        running("y");
        sends("fail", new RunChange.Fail(id("y"), Failure.of("boom"), Head.of()));
        running("z");
        sends("cancel", new RunChange.Cancel(id("z"), "enough", Head.of()));
        sends(
                "importRun",
                () -> assertThat(store.apply(RunImport.of(run("old"), Instant.EPOCH)
                                        .started(Instant.EPOCH, "w")
                                        .task(NewTask.of("build").id(TaskId.of("old-task")), Instant.EPOCH)
                                        .succeeded(Instant.EPOCH)
                                        .toCommand())
                                .isImported())
                        .isTrue());
    }

    private void tasks() {
        running("t");
        TaskId task = TaskId.of("t-1");
        TaskRun.Result output = TaskRun.Result.of(BODY);
        sends("startTask", new TaskChange.Start(id("t"), NewTask.of("build").id(task), Head.of()));
        sends("failTask", new TaskChange.Fail(task, Failure.of("red"), TaskRun.Result.nothing(), Head.of()));
        sends("retryTask", new TaskChange.Retry(task, Head.of()));
        sends("succeedTask, with an output", new TaskChange.Succeed(task, output, Head.of()));
        sends(
                "skipTask, with an input",
                new TaskChange.Skip(
                        id("t"), NewTask.of("deploy").id(TaskId.of("t-2")).input(BODY), "a draft", Head.of()));
    }

    private void reads() {
        RunHistory history = store.history();
        sends("history.run", () -> assertThat(history.run(id("t"))).isPresent());
        sends("history.state", () -> assertThat(history.state(id("t"))).contains(RunState.RUNNING));
        sends("history.input", () -> assertThat(history.input(id("c"))).contains("{}"));
        sends("history.events", () -> assertThat(history.events(id("t"))).hasSize(7));
        sends("history.tasks", () -> assertThat(history.tasks(id("t"))).hasSize(2));
        sends("history.task", () -> assertThat(history.task(TaskId.of("t-1"))).isPresent());
        sends("history.children", () -> assertThat(history.children(id("a"))).hasSize(1));
        sends(
                "history.waitingFor",
                () -> assertThat(history.waitingFor("", "k")).isEmpty());
        sends("history.refusals", () -> assertThat(history.refusals(10)).isEmpty());
        page("every run", RunQuery.builder());
        page("project and workflow", RunQuery.builder().project("p").workflowName("review"));
        page("target", RunQuery.builder().target(Target.of("t")));
        page("states in flight", RunQuery.builder().states(RunState.QUEUED, RunState.SUSPENDED));
        page("FAILED and CANCELLED", RunQuery.builder().states(RunState.FAILED, RunState.CANCELLED));
        page("category", RunQuery.builder().errorCategory(Failure.Category.TIMEOUT));
        page("reason", RunQuery.builder().reasonContains("red"));
        sends(
                "statistics.snapshot",
                () -> assertThat(store.snapshot(Duration.ofDays(1)).inFlight()).isNotEmpty());
    }

    private void upkeep() {
        Duration hour = Duration.ofHours(1);
        sends("lease", () -> assertThat(store.lease("sweep", "a", hour)).isTrue());
        sends("release", () -> store.release("sweep", "a"));
        sends("heartbeat", () -> assertThat(store.heartbeat("i", hour)).isFalse());
        sends("lostInstances", () -> assertThat(store.lostInstances()).isEmpty());
        sends("removeInstance", () -> store.removeInstance("i"));
        sends("instances", () -> assertThat(store.instances()).isZero());
        for (RecoveryStore.Kind kind : RecoveryStore.Kind.values()) {
            sends(
                    "find " + kind,
                    () -> assertThat(store.find(kind, hour, Optional.empty(), 10))
                            .isEmpty());
        }
        sends(
                "runsOf",
                () -> assertThat(store.runsOf("i", Optional.empty(), 10)).isEmpty());
        sends("reportOverdue", () -> assertThat(store.reportOverdue(id("t"), 1)).isFalse());
        Rule rule = new Rule(Optional.of("review"), Set.of(), Set.of(RunState.SUCCEEDED), hour);
        sends(
                "expired",
                () -> assertThat(store.expired(rule, Optional.empty(), 10).chains())
                        .containsExactly(List.of(id("old"))));
        Rule others = new Rule(Optional.empty(), Set.of("review"), Set.of(RunState.SUCCEEDED), hour);
        String after = Instant.EPOCH + " ";
        sends(
                "expired, after a part, of all other workflows",
                () -> assertThat(store.expired(others, Optional.of(after), 10).chains())
                        .isEmpty());
        sends("remove", () -> assertThat(store.remove(List.of(id("x"))).runs()).isEqualTo(1));
        sends("erase", () -> assertThat(store.erase(List.of(id("y"))).runs()).isEqualTo(1));
        sends("removeRefusals", () -> assertThat(store.removeRefusals(hour, 10)).isZero());
        sends(
                "referenced",
                () -> assertThat(store.referenced(List.of("res://a"))).isEmpty());
    }

    /** The statements for many calls; each is sent for one call here. */
    private void many() {
        TaskId task = TaskId.of("many-1");
        Wait wait = Wait.of(Wait.Code.APPROVAL).correlationKey("many");
        sendsMany("dispatch", new StoreCommand.DispatchRun(run("many").target("many"), Head.of()));
        sendsMany("start", new RunChange.Start(id("many"), "w", Head.of()));
        sendsMany("suspend", new RunChange.Suspend(id("many"), wait, Head.of()));
        sendsMany("resume", new RunChange.Resume(id("many"), Resumption.of("approved", "ada"), Head.of()));
        sendsMany(
                "startTask",
                new TaskChange.Start(id("many"), NewTask.of("build").id(task), Head.of()));
        sendsMany("succeedTask", new TaskChange.Succeed(task, TaskRun.Result.nothing(), Head.of()));
        sendsMany("succeed", new RunChange.Succeed(id("many"), Head.of()));
    }

    private <O extends CallOutcome> void sendsMany(String name, StoreCommand<O> command) {
        List<O> outcomes = new ArrayList<>();
        sends("many calls: " + name, () -> store.applyAll(List.of(command), (sent, outcome) -> outcomes.add(outcome)));
        assertThat(outcomes)
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.result()).isEqualTo(CallOutcome.Result.APPLIED));
    }

    private void page(String name, RunQuery.Builder query) {
        sends(
                "history.page, by " + name,
                () -> assertThat(store.history().page(query.build()).unreadable())
                        .isEmpty());
    }
}
