package dev.runledger.store;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A run in memory with its tasks and the changes that made them. Guarded by the lock of its store. */
final class KeptRun {
    /** A transition of the run; {@code change} is null for the dispatch. */
    private record Step(WorkflowRun run, @Nullable RunChange change, StoreCommand.Head head) {
        WorkflowRunEvent event() {
            return change == null ? WorkflowRunEvent.QUEUED : change.event();
        }

        EventFields fields() {
            return change == null ? RunChange.queuedFields(run, head) : change.fields(run);
        }
    }

    /** A transition of a task. */
    private record TaskStep(TaskRun task, WorkflowRun run, TaskChange change) {}

    private final List<Step> steps = new ArrayList<>(4);
    private Map<TaskId, List<TaskStep>> tasks = Map.of(); // until there is one
    private final @Nullable String input;
    private WorkflowRun run;

    KeptRun(WorkflowRun queued, StoreCommand.Head head, @Nullable String input) {
        this.run = queued;
        this.input = input;
        steps.add(new Step(queued, null, head));
    }

    /** Returns an imported run with all that its changes made. */
    static KeptRun of(StoreCommand.ImportRun command, RunImport.Life life) {
        KeptRun kept =
                new KeptRun(life.queued(), command.head(), command.run().input().orElse(null));
        for (RunImport.Step step : life.steps()) {
            if (step.change() instanceof RunChange change) {
                kept.add(step.run(), change);
            } else if (step.change() instanceof TaskChange change) {
                kept.add(step.task().orElseThrow(), change);
            }
        }
        return kept;
    }

    WorkflowRun run() {
        return run;
    }

    @Nullable
    String input() {
        return input;
    }

    NewRun request() {
        return run.request();
    }

    WorkflowRunEvent latest() {
        return steps.get(steps.size() - 1).event();
    }

    void claimed(WorkflowRun claimed) {
        run = claimed;
    }

    void add(WorkflowRun next, RunChange change) {
        run = next;
        steps.add(new Step(next, change.withoutCause(), change.head()));
    }

    /** Returns what came of an earlier call that had the idempotency key of this one, or that handed the run off to the same child. */
    Optional<Transition> repeated(RunChange change) {
        return change.head()
                .idempotencyKey()
                .flatMap(this::stepOf)
                .map(step -> answer(step, change))
                .or(() -> change instanceof RunChange.HandOff handOff
                        ? handedOffTo(handOff.childId())
                        : Optional.empty());
    }

    private Optional<Step> stepOf(String idempotencyKey) {
        return steps.stream()
                .filter(step -> step.head()
                        .idempotencyKey()
                        .filter(idempotencyKey::equals)
                        .isPresent())
                .findFirst();
    }

    private Transition answer(Step step, RunChange change) {
        Optional<RunId> child =
                step.change() instanceof RunChange.HandOff handOff ? Optional.of(handOff.childId()) : Optional.empty();
        return Lifecycle.difference(step.event(), step.run(), child, change)
                .<Transition>map(why -> new Transition.Rejected(run, change.command(), why))
                .orElseGet(() -> new Transition.AlreadyApplied(run, step.run().eventId()));
    }

    private Optional<Transition> handedOffTo(RunId child) {
        return steps.stream()
                .filter(step -> step.change() instanceof RunChange.HandOff handOff
                        && handOff.childId().equals(child))
                .<Transition>map(
                        step -> new Transition.AlreadyApplied(run, step.run().eventId()))
                .findFirst();
    }

    /** Returns the id of the latest event of this type. */
    String latestEventId(WorkflowRunEvent event) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).event() == event) {
                return steps.get(i).run().eventId();
            }
        }
        return run.eventId();
    }

    @Nullable
    TaskRun task(TaskId id) {
        List<TaskStep> all = tasks.get(id);
        return all == null ? null : all.get(all.size() - 1).task();
    }

    void add(TaskRun task, TaskChange change) {
        if (tasks.isEmpty()) {
            tasks = new LinkedHashMap<>();
        }
        tasks.computeIfAbsent(task.id(), id -> new ArrayList<>(2)).add(new TaskStep(task, run, change.withoutCause()));
    }

    /** Returns what came of an earlier call on this task that had the idempotency key of this one. */
    Optional<TaskTransition> repeated(TaskRun task, TaskChange change) {
        String key = change.head().idempotencyKey().orElse(null);
        return tasks.getOrDefault(task.id(), List.of()).stream()
                .filter(step -> key != null
                        && step.change()
                                .head()
                                .idempotencyKey()
                                .filter(key::equals)
                                .isPresent())
                .map(step -> answer(step, task, change))
                .findFirst();
    }

    private TaskTransition answer(TaskStep step, TaskRun task, TaskChange change) {
        String eventId = step.task().eventId();
        return Lifecycle.difference(step.change().event(), eventId, change)
                .<TaskTransition>map(why -> new TaskTransition.Rejected(why, Optional.of(asItReads(task))))
                .orElseGet(() -> new TaskTransition.AlreadyApplied(asItReads(task), eventId));
    }

    /** Returns the id of the latest event of this type of this task. */
    String latestEventId(TaskId task, TaskRunEvent event) {
        List<TaskStep> all = tasks.getOrDefault(task, List.of());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).change().event() == event) {
                return all.get(i).task().eventId();
            }
        }
        throw new IllegalStateException("task " + task + " has no event " + event);
    }

    /** Returns all payloads of the run and of its tasks as they stand. */
    Stream<Payload> payloads() {
        Stream<Optional<Payload>> ofRun = Stream.of(
                run.request().trigger().flatMap(Trigger::details),
                run.request().trigger().flatMap(Trigger::payload),
                run.resumption().flatMap(Resumption::payload));
        Stream<Optional<Payload>> ofTasks = tasks.values().stream()
                .map(all -> all.get(all.size() - 1).task())
                .flatMap(task -> Stream.of(task.request().input(), task.result().flatMap(TaskRun.Result::output)));
        return Stream.concat(ofRun, ofTasks).flatMap(Optional::stream);
    }

    Iterable<TaskId> taskIds() {
        return tasks.keySet();
    }

    /** Returns the tasks as they read, without inputs and outputs: one left RUNNING by a run that has ended is ABANDONED. */
    List<TaskRun> tasks() {
        return tasks.values().stream()
                .map(all -> asItReads(all.get(all.size() - 1).task()).withoutPayloads())
                .toList();
    }

    TaskRun asItReads(TaskRun task) {
        return Lifecycle.asItReads(task, run.state(), run.execution());
    }

    List<LedgerEvent> events() {
        List<LedgerEvent> events = new ArrayList<>();
        for (Step step : steps) {
            WorkflowRun then = step.run();
            events.add(LedgerEvent.stored(
                    step.event(),
                    then.eventId(),
                    then.times().changedAt(),
                    step.fields(),
                    then.request().context()));
        }
        for (List<TaskStep> all : tasks.values()) {
            for (TaskStep step : all) {
                events.add(LedgerEvent.stored(
                        step.change().event(),
                        step.task().eventId(),
                        step.task().changedAt(),
                        step.change().fields(step.task(), step.run()),
                        step.run().request().context()));
            }
        }
        return events;
    }
}
