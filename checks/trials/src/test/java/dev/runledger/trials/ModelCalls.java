package dev.runledger.trials;

import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.NewTask;
import dev.runledger.run.TaskRun;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.TaskChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A sequence of calls that a seed decides. It has few runs, tasks, workers, keys and call ids, so that calls meet; all of its names
 * are its own, so that many sequences share a database.
 */
final class ModelCalls {
    /**
     * One call.
     *
     * @param text what is called, for a person
     * @param on makes the call and answers what came of it
     */
    record Call(String text, Function<RunStore, String> on) {}

    private static final int CALLS = 30;
    private static final Instant DEADLINE = Instant.parse("2030-01-01T00:00:00.123456Z");

    final String project;
    final List<RunId> runs;
    final List<TaskId> tasks;
    final List<String> keys;
    final List<Call> calls = new ArrayList<>();
    private final Random random;

    ModelCalls(String label, long seed) {
        this.random = new Random(seed);
        this.project = "project " + label + seed;
        this.runs = IntStream.range(0, 5)
                .mapToObj(i -> RunId.of("%s%d-r%d".formatted(label, seed, i)))
                .toList();
        this.tasks = IntStream.range(0, 3)
                .mapToObj(i -> TaskId.of("%s%d-t%d".formatted(label, seed, i)))
                .toList();
        this.keys = List.of("key 0 of " + project, "key 1 of " + project);
        for (int i = 0; i < CALLS; i++) {
            calls.add(i < 2 ? dispatch() : next());
        }
    }

    private Call next() {
        int kind = random.nextInt(100);
        if (kind < 18) {
            return dispatch();
        }
        if (kind < 75) {
            return change();
        }
        return kind < 80 ? claim() : task();
    }

    // ---- runs

    private Call dispatch() {
        NewRun run = newRun(any(runs), chance(12) ? any(runs) : null);
        String transitionId = transitionId();
        EventFields extra = extra();
        return new Call(
                "dispatch %s with id %s".formatted(run, transitionId),
                store -> Answers.of(store.dispatch(run, transitionId, extra)));
    }

    private NewRun newRun(RunId id, RunId parent) {
        NewRun.Builder run = NewRun.builder(chance(80) ? "review" : "import")
                .id(id)
                .project(project)
                .context(chance(20) ? Map.of("traceparent", "00-1", "user", "ada \"l\"") : Map.of());
        if (chance(70)) {
            run.target("target " + random.nextInt(2));
        }
        if (chance(50)) {
            Trigger trigger = Trigger.of("push");
            trigger = chance(70) ? trigger.deliveryId("d" + random.nextInt(2)) : trigger.actor("ada");
            trigger = chance(30) ? trigger.details(payload()) : trigger;
            run.trigger(chance(30) ? trigger.payload(payload()) : trigger);
            if (trigger.deliveryId() != null && chance(50)) {
                run.oncePerDelivery();
            }
        }
        if (parent != null) {
            run.parentRunId(parent);
        }
        return run.build();
    }

    private Payload payload() {
        return switch (random.nextInt(3)) {
            case 0 -> new Payload("{\"a\": [1, 2.50, \"grüße 🚀\"]}", null, 32, null, false);
            case 1 -> new Payload("{\"a\":[1,2,", null, 99_999, "sha-256:00", true);
            default -> new Payload(null, "res://some/where", 99_999, "sha-256:00", false);
        };
    }

    private Call change() {
        RunId id = chance(60) ? runs.get(0) : any(runs);
        Change change = bare(id);
        if (chance(15)) {
            change = change.fence(worker());
        }
        Change call = change.transitionId(transitionId()).extra(extra());
        return new Call(call.toString(), store -> Answers.of(store.apply(call)));
    }

    private Change bare(RunId id) {
        int kind = random.nextInt(100);
        if (kind < 28) {
            return Change.start(id, worker());
        }
        if (kind < 46) {
            return Change.suspend(id, newWait());
        }
        if (kind < 64) {
            Resumption answer = chance(50) ? Resumption.of() : Resumption.of("approved", "ada");
            answer = chance(30) ? answer.payload(payload()) : answer;
            return Change.resume(id, chance(50) ? answer.correlationKey(any(keys)) : answer);
        }
        if (kind < 76) {
            return Change.handOff(id, newRun(any(runs), id));
        }
        return switch (kind % 6) {
            case 0, 1 -> Change.succeed(id);
            case 2 -> Change.incomplete(id, "still red");
            case 3 -> Change.fail(id, failure());
            case 4 -> Change.enqueueFailed(id, failure());
            default -> Change.cancel(id, "called off");
        };
    }

    private Wait newWait() {
        Wait wait = Wait.of(chance(50) ? Wait.Code.APPROVAL : Wait.Code.CALLBACK);
        wait = chance(30) ? wait.reason("because") : wait;
        wait = chance(30) ? wait.until(DEADLINE, Wait.OnDeadline.FAIL) : wait;
        return chance(60) ? wait.correlationKey(any(keys)) : wait;
    }

    private Failure failure() {
        return chance(50)
                ? Failure.of("broken", Failure.Category.TIMEOUT)
                : new Failure("", Failure.Category.UNKNOWN, true, "a.B", "message", "stack", null);
    }

    private Call claim() {
        RunId id = any(runs);
        String worker = worker();
        return new Call("claim %s by %s".formatted(id, worker), store -> Answers.of(store.claim(id, worker)));
    }

    // ---- tasks

    private Call task() {
        TaskId id = any(tasks);
        RunId run = chance(70) ? runs.get(0) : any(runs);
        NewTask request = NewTask.of("step", chance(50) ? NewTask.Kind.TASK : NewTask.Kind.TOOL)
                .id(id)
                .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1), Duration.ofMinutes(1)))
                .permissions(chance(20) ? Set.of("read", "write") : Set.of());
        NewTask asked = chance(30) ? request.input(payload()).timeout(Duration.ofSeconds(9)) : request;
        TaskChange change = switch (random.nextInt(7)) {
            case 0, 1 -> TaskChange.start(run, asked);
            case 2 -> TaskChange.skip(run, asked, "not needed");
            case 3 -> TaskChange.succeed(id, result());
            case 4, 5 -> TaskChange.fail(id, failure(), result());
            default -> TaskChange.retry(id);
        };
        TaskChange call = change.called(transitionId(), extra());
        return new Call(call.toString(), store -> Answers.of(store.apply(call)));
    }

    private TaskRun.Result result() {
        return switch (random.nextInt(4)) {
            case 0 -> TaskRun.Result.of(payload());
            case 1 -> TaskRun.Result.tool(137, 5_000_000_000L).ranOutOfTime();
            default -> TaskRun.Result.nothing();
        };
    }

    // ---- choices

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String worker() {
        return "worker " + random.nextInt(2);
    }

    private String transitionId() {
        return chance(20) ? "call " + random.nextInt(3) : null;
    }

    private EventFields extra() {
        return chance(15)
                ? EventFields.of()
                        .put("pr", 42L)
                        .put("score", 0.5)
                        .put("draft", true)
                        .put("by", "ada")
                : null;
    }
}
