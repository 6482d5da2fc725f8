package dev.runledger.store;

import dev.runledger.event.EventContract;
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

/** A run in memory with its tasks and what was told of them. Guarded by the lock of its store. */
final class KeptRun {
    /** A transition of the run as it is kept; {@code change} is null for the dispatch. */
    private record Step(
            WorkflowRun run,
            @Nullable Change change,
            @Nullable String transitionId,
            @Nullable EventFields extra) {
        WorkflowRunEvent event() {
            return change == null ? WorkflowRunEvent.QUEUED : change.event();
        }

        EventFields fields() {
            if (change != null) {
                return change.fields(run);
            }
            return extra == null ? RunFields.of(run) : RunFields.of(run).putAll(extra);
        }
    }

    /** A transition of a task as it is kept. */
    private record TaskStep(TaskRun task, WorkflowRun run, TaskChange change) {}

    private static final EventContract CONTRACT = EventContract.asStored();

    private final List<Step> steps = new ArrayList<>(4);
    private final Map<TaskId, List<TaskStep>> tasks = new LinkedHashMap<>(0);
    private WorkflowRun run;

    KeptRun(WorkflowRun run, @Nullable String transitionId, @Nullable EventFields extra) {
        this.run = run;
        steps.add(new Step(run, null, transitionId, extra));
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

    void add(WorkflowRun next, Change change) {
        run = next;
        steps.add(new Step(next, change.withoutError(), change.transitionId(), null));
    }

    /** The id of the event that a call of this id told, or empty. */
    Optional<String> eventOf(String transitionId) {
        return steps.stream()
                .filter(step -> transitionId.equals(step.transitionId()))
                .map(step -> step.run().eventId())
                .findFirst();
    }

    /** The id of the latest event of this type. */
    String latestEventId(WorkflowRunEvent event) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).event() == event) {
                return steps.get(i).run().eventId();
            }
        }
        return run.eventId();
    }

    /** The id of the event that handed the run off to this child, or empty. */
    Optional<String> handOffTo(RunId child) {
        return steps.stream()
                .filter(step -> step.change() != null
                        && step.change().child() != null
                        && child.equals(step.change().child().id()))
                .map(step -> step.run().eventId())
                .findFirst();
    }

    @Nullable
    TaskRun task(TaskId id) {
        List<TaskStep> all = tasks.get(id);
        return all == null ? null : all.get(all.size() - 1).task();
    }

    void add(TaskRun task, TaskChange change) {
        tasks.computeIfAbsent(task.id(), id -> new ArrayList<>(2)).add(new TaskStep(task, run, change.withoutError()));
    }

    /** The id of the event that a call of this id told of this task, or empty. */
    Optional<String> eventOf(TaskId task, String transitionId) {
        return tasks.getOrDefault(task, List.of()).stream()
                .filter(step -> transitionId.equals(step.change().transitionId()))
                .map(step -> step.task().eventId())
                .findFirst();
    }

    /** The id of the latest event of this type that was told of this task. */
    String latestEventId(TaskId task, TaskRunEvent event) {
        List<TaskStep> all = tasks.getOrDefault(task, List.of());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).change().event() == event) {
                return all.get(i).task().eventId();
            }
        }
        throw new IllegalStateException("task " + task + " never told " + event);
    }

    Iterable<TaskId> taskIds() {
        return tasks.keySet();
    }

    /** The tasks as they read: one left RUNNING by a run that has ended is ABANDONED. */
    List<TaskRun> tasks() {
        return tasks.values().stream()
                .map(all -> asItReads(all.get(all.size() - 1).task()))
                .toList();
    }

    TaskRun asItReads(TaskRun task) {
        return TaskLifecycle.asItReads(task, run.state());
    }

    List<LedgerEvent> events() {
        List<LedgerEvent> events = new ArrayList<>();
        for (Step step : steps) {
            WorkflowRun then = step.run();
            events.add(CONTRACT.event(
                    step.event(),
                    then.eventId(),
                    then.times().changedAt(),
                    step.fields(),
                    then.request().context()));
        }
        for (List<TaskStep> all : tasks.values()) {
            for (TaskStep step : all) {
                events.add(CONTRACT.event(
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
