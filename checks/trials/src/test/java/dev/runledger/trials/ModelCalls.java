package dev.runledger.trials;

import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A sequence of calls that a seed decides. It has few runs, tasks, workers and keys, so that calls meet. No other sequence has its
 * names, so that many sequences share a database.
 */
final class ModelCalls {
    /** One call. */
    record Call(StoreCommand<?> command) {
        /** Makes the call and returns its outcome as a text. */
        String on(RunStore store) {
            return Shown.of(store.apply(command));
        }

        /** Returns the command as a text; a record shows all of its parts but those of its head. */
        String text() {
            Head head = command.head();
            return "%s with key %s by %s at version %s and %s"
                    .formatted(
                            command,
                            head.idempotencyKey(),
                            head.actor(),
                            head.expectedSeq(),
                            head.customFields().asMap());
        }
    }

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
        return new Call(new StoreCommand.DispatchRun(newRun(any(runs), chance(12) ? any(runs) : null), head()));
    }

    private NewRun newRun(RunId id, RunId parent) {
        NewRun run = NewRun.of(chance(80) ? "review" : "import")
                .id(id)
                .project(project)
                .context(chance(20) ? Map.of("traceparent", "00-1", "user", "ada \"l\"") : Map.of());
        if (chance(20)) {
            run = run.channel(NewRun.Channel.DRAFT);
        }
        if (chance(70)) {
            run = run.target("target " + random.nextInt(2));
        }
        if (chance(50)) {
            Trigger trigger = Trigger.of("push");
            trigger = chance(70) ? trigger.deliveryId("d" + random.nextInt(2)) : trigger.actor("ada");
            trigger = chance(30) ? trigger.details(payload()) : trigger;
            run = run.trigger(chance(30) ? trigger.payload(payload()) : trigger);
            if (trigger.deliveryId().isPresent() && chance(50)) {
                run = run.oncePerDelivery(true);
            }
        }
        return parent == null ? run : run.parentRunId(parent);
    }

    private Payload payload() {
        return switch (random.nextInt(3)) {
            case 0 -> Payload.stored("{\"a\": [1, 2.50, \"grüße 🚀\"]}", null, 32, null, false);
            case 1 -> Payload.stored("{\"a\":[1,2,", null, 99_999, "sha-256:00", true);
            default -> Payload.stored(null, "res://some/where", 99_999, "sha-256:00", false);
        };
    }

    private Call change() {
        RunId id = chance(60) ? runs.get(0) : any(runs);
        RunChange change = change(id, Head.of());
        Long seq = chance(15) ? Long.valueOf(1 + random.nextInt(4)) : null;
        return new Call(change.with(head().actor(chance(15) ? "ada" : null).expectedSeq(seq)));
    }

    private RunChange change(RunId id, Head head) {
        int kind = random.nextInt(100);
        if (kind < 28) {
            return new RunChange.Start(id, worker(), head);
        }
        if (kind < 46) {
            return new RunChange.Suspend(id, newWait(), head);
        }
        if (kind < 64) {
            Resumption answer = chance(50) ? Resumption.of() : Resumption.of("approved", "ada");
            answer = chance(30) ? answer.payload(payload()) : answer;
            return new RunChange.Resume(id, chance(50) ? answer.correlationKey(any(keys)) : answer, head);
        }
        if (kind < 76) {
            return new RunChange.HandOff(id, newRun(any(runs), id), head);
        }
        if (kind < 82) {
            return new RunChange.Requeue(id, "the process stops", head);
        }
        return switch (kind % 6) {
            case 0, 1 -> new RunChange.Succeed(id, head);
            case 2 -> new RunChange.Incomplete(id, "still red", head);
            case 3 -> new RunChange.Fail(id, failure(), head);
            case 4 -> new RunChange.EnqueueFailed(id, failure(), head);
            default -> new RunChange.Cancel(id, "called off", head);
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
                : Failure.builder("")
                        .category(Failure.Category.UNKNOWN)
                        .uncaught(true)
                        .error("a.B", "message", "stack")
                        .build();
    }

    private Call claim() {
        return new Call(new StoreCommand.ClaimRun(any(runs), worker(), Head.of()));
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
        Head head = Head.of();
        TaskChange change = switch (random.nextInt(7)) {
            case 0, 1 -> new TaskChange.Start(run, asked, head);
            case 2 -> new TaskChange.Skip(run, asked, "not needed", head);
            case 3 -> new TaskChange.Succeed(id, result(), head);
            case 4, 5 -> new TaskChange.Fail(id, failure(), result(), head);
            default -> new TaskChange.Retry(id, head);
        };
        return new Call(change.with(head()));
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

    private Head head() {
        Head head = Head.of().idempotencyKey(chance(20) ? "call " + random.nextInt(3) : null);
        return chance(15)
                ? head.customFields(EventFields.of()
                        .put("pr", 42L)
                        .put("score", 0.5)
                        .put("draft", true)
                        .put("by", "ada"))
                : head;
    }
}
