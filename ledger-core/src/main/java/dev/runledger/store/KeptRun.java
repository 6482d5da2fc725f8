package dev.runledger.store;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run in memory with its tasks and the changes that made them. Guarded by the lock of its store. */
final class KeptRun {
    /** A transition of the run; {@code change} is null for the dispatch. */
    private record Step(WorkflowRun run, @Nullable RunChange change, StoreCommand.Head head) {
        WorkflowRunEvent event() {
            return change == null ? WorkflowRunEvent.QUEUED : change.event();
        }

        EventFields fields() {
            return change == null ? EventFields.of(run).putAll(head.customFields()) : change.fields(run);
        }
    }

    /** A transition of a task. */
    private record TaskStep(TaskRun task, WorkflowRun run, TaskChange change) {}

    private final List<Step> steps = new ArrayList<>(4);
    private Map<TaskId, List<TaskStep>> tasks = Map.of(); // until there is one
    private WorkflowRun run;

    KeptRun(WorkflowRun queued, StoreCommand.Head head) {
        this.run = queued;
        steps.add(new Step(queued, null, head));
    }

    WorkflowRun run() {
        return run;
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

    /** Returns the id of the event of the call that had this idempotency key. */
    Optional<String> eventOf(String idempotencyKey) {
        return steps.stream()
                .filter(step -> step.head()
                        .idempotencyKey()
                        .filter(idempotencyKey::equals)
                        .isPresent())
                .map(step -> step.run().eventId())
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

    /** Returns the id of the event that handed the run off to this child. */
    Optional<String> handOffTo(RunId child) {
        return steps.stream()
                .filter(step -> step.change() instanceof RunChange.HandOff handOff
                        && handOff.childId().equals(child))
                .map(step -> step.run().eventId())
                .findFirst();
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

    /** Returns the id of the event of this task that the call with this idempotency key caused. */
    Optional<String> eventOf(TaskId task, String idempotencyKey) {
        return tasks.getOrDefault(task, List.of()).stream()
                .filter(step -> step.change()
                        .head()
                        .idempotencyKey()
                        .filter(idempotencyKey::equals)
                        .isPresent())
                .map(step -> step.task().eventId())
                .findFirst();
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

    Iterable<TaskId> taskIds() {
        return tasks.keySet();
    }

    /** Returns the tasks as they read: one left RUNNING by a run that has ended is ABANDONED. */
    List<TaskRun> tasks() {
        return tasks.values().stream()
                .map(all -> asItReads(all.get(all.size() - 1).task()))
                .toList();
    }

    TaskRun asItReads(TaskRun task) {
        return Lifecycle.asItReads(task, run.state());
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
