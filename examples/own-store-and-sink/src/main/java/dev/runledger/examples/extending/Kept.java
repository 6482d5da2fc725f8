package dev.runledger.examples.extending;

import dev.runledger.event.EventContract;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunFields;
import dev.runledger.store.TaskChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run with all that happened to it. Immutable: a change makes another one.
 *
 * <p>What a change brought is kept, and not the event: the event is made of it when it is read, so the two cannot disagree.
 */
record Kept(WorkflowRun run, List<Step> steps, List<TaskStep> taskSteps) {
    private static final EventContract AS_STORED = EventContract.asStored();

    /** A transition of the run: what it became, and the change that made it, which a dispatch has not. */
    record Step(
            WorkflowRun run,
            @Nullable Change change,
            @Nullable String transitionId,
            @Nullable EventFields extra) {
        WorkflowRunEvent event() {
            return change == null ? WorkflowRunEvent.QUEUED : change.event();
        }

        LedgerEvent told() {
            EventFields fields = change != null ? change.fields(run) : RunFields.of(run);
            if (change == null && extra != null) {
                fields.putAll(extra);
            }
            return AS_STORED.event(
                    event(),
                    run.eventId(),
                    run.times().changedAt(),
                    fields,
                    run.request().context());
        }
    }

    /** A transition of a task: what it became, the run at that time, and the change that made it. */
    record TaskStep(TaskRun task, WorkflowRun run, TaskChange change) {
        LedgerEvent told() {
            return AS_STORED.event(
                    change.event(),
                    task.eventId(),
                    task.changedAt(),
                    change.fields(task, run),
                    run.request().context());
        }
    }

    static Kept dispatched(WorkflowRun queued, @Nullable String transitionId, @Nullable EventFields extra) {
        return new Kept(queued, List.of(new Step(queued, null, transitionId, extra)), List.of());
    }

    /** The run after a change that made it this. */
    Kept with(WorkflowRun next, Change change) {
        return new Kept(
                next, plus(steps, new Step(next, change.withoutError(), change.transitionId(), null)), taskSteps);
    }

    /** The run with another owner, which is no transition. */
    Kept claimed(WorkflowRun next) {
        return new Kept(next, steps, taskSteps);
    }

    /** The run after a change to one of its tasks that made it this. */
    Kept with(TaskRun task, TaskChange change) {
        return new Kept(run, steps, plus(taskSteps, new TaskStep(task, run, change.withoutError())));
    }

    WorkflowRunEvent latest() {
        return steps.get(steps.size() - 1).event();
    }

    /** The event that the very same call told before: the same transition id, or a hand-off to the same child. */
    Optional<String> eventOfSame(Change change) {
        return steps.stream()
                .filter(step ->
                        (change.transitionId() != null && change.transitionId().equals(step.transitionId()))
                                || (change.child() != null && childOf(change).equals(childOf(step.change()))))
                .map(step -> step.run().eventId())
                .findFirst();
    }

    private static @Nullable RunId childOf(@Nullable Change change) {
        return change == null || change.child() == null ? null : change.child().id();
    }

    /** The newest event of this type. */
    String eventOf(WorkflowRunEvent type) {
        return steps.stream()
                .filter(step -> step.event() == type)
                .map(step -> step.run().eventId())
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    Optional<String> eventOfSame(TaskChange change) {
        return ofTask(change.taskId())
                .filter(step -> change.transitionId() != null
                        && change.transitionId().equals(step.change().transitionId()))
                .map(step -> step.task().eventId())
                .findFirst();
    }

    String eventOf(TaskId task, TaskRunEvent type) {
        return ofTask(task)
                .filter(step -> step.change().event() == type)
                .map(step -> step.task().eventId())
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    @Nullable
    TaskRun task(TaskId id) {
        return ofTask(id).map(TaskStep::task).reduce((older, newer) -> newer).orElse(null);
    }

    /** Its tasks as they stand, in the order of their start. */
    List<TaskRun> tasks() {
        Map<TaskId, TaskRun> tasks = new LinkedHashMap<>();
        taskSteps.forEach(step -> tasks.put(step.task().id(), step.task()));
        return List.copyOf(tasks.values());
    }

    List<LedgerEvent> events() {
        return Stream.concat(steps.stream().map(Step::told), taskSteps.stream().map(TaskStep::told))
                .toList();
    }

    private Stream<TaskStep> ofTask(TaskId id) {
        return taskSteps.stream().filter(step -> step.task().id().equals(id));
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> more = new ArrayList<>(list);
        more.add(Objects.requireNonNull(one));
        return List.copyOf(more);
    }
}
