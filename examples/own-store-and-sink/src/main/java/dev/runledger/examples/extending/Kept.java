package dev.runledger.examples.extending;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand.Head;
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
 * <p>It keeps what a change brought, and not the event: the event is made when it is read, so that the two cannot disagree.
 */
record Kept(WorkflowRun run, Optional<String> input, List<Step> steps, List<TaskStep> taskSteps) {
    /** A transition of the run: what it became, and the change that made it; null for a dispatch. */
    record Step(WorkflowRun run, @Nullable RunChange change, Head head) {
        WorkflowRunEvent type() {
            return change == null ? WorkflowRunEvent.QUEUED : change.event();
        }

        LedgerEvent event() {
            EventFields fields = change != null ? change.fields(run) : RunChange.queuedFields(run, head);
            return LedgerEvent.stored(
                    type(),
                    run.eventId(),
                    run.times().changedAt(),
                    fields,
                    run.request().context());
        }
    }

    /** A transition of a task: what it became, the run at that time, and the change that made it. */
    record TaskStep(TaskRun task, WorkflowRun run, TaskChange change) {
        LedgerEvent event() {
            return LedgerEvent.stored(
                    change.event(),
                    task.eventId(),
                    task.changedAt(),
                    change.fields(task, run),
                    run.request().context());
        }
    }

    static Kept dispatched(WorkflowRun queued, Optional<String> input, Head head) {
        return new Kept(queued, input, List.of(new Step(queued, null, head)), List.of());
    }

    /** Returns the run after a change that made it this. */
    Kept with(WorkflowRun next, RunChange change) {
        return new Kept(next, input, plus(steps, new Step(next, change.withoutCause(), change.head())), taskSteps);
    }

    /** Returns the run with another owner, which is no transition. */
    Kept claimed(WorkflowRun next) {
        return new Kept(next, input, steps, taskSteps);
    }

    /** Returns the run after a change to one of its tasks that made it this. */
    Kept with(TaskRun task, TaskChange change) {
        return new Kept(run, input, steps, plus(taskSteps, new TaskStep(task, run, change.withoutCause())));
    }

    WorkflowRunEvent latest() {
        return steps.get(steps.size() - 1).type();
    }

    /** Returns the answer to a call with the idempotency key of an earlier one, or to a hand-off to the same child. */
    Optional<Transition> repeated(RunChange change) {
        for (Step step : steps) {
            Optional<RunId> child = step.change() instanceof RunChange.HandOff before
                    ? Optional.of(before.childId())
                    : Optional.empty();
            boolean sameChild = change instanceof RunChange.HandOff handOff
                    && child.filter(handOff.childId()::equals).isPresent();
            if (isSameKey(change.head(), step.head()) || sameChild) {
                return Optional.of(Lifecycle.difference(step.type(), step.run(), child, change)
                        .<Transition>map(why -> new Transition.Rejected(run, change.command(), why))
                        .orElseGet(() ->
                                new Transition.AlreadyApplied(run, step.run().eventId())));
            }
        }
        return Optional.empty();
    }

    private static boolean isSameKey(Head one, Head other) {
        return one.idempotencyKey().isPresent() && one.idempotencyKey().equals(other.idempotencyKey());
    }

    /** Returns the newest event of this type. */
    String eventOf(WorkflowRunEvent type) {
        return steps.stream()
                .filter(step -> step.type() == type)
                .map(step -> step.run().eventId())
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    /** Returns the answer to a call on this task with the idempotency key of an earlier one. */
    Optional<TaskTransition> repeated(TaskRun task, TaskChange change) {
        return ofTask(change.taskId())
                .filter(step -> isSameKey(change.head(), step.change().head()))
                .findFirst()
                .map(step -> Lifecycle.difference(
                                step.change().event(), step.task().eventId(), change)
                        .<TaskTransition>map(why -> new TaskTransition.Rejected(why, Optional.of(task)))
                        .orElseGet(() -> new TaskTransition.AlreadyApplied(
                                task, step.task().eventId())));
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

    /** Returns its tasks as they stand, in the order of their start. */
    List<TaskRun> tasks() {
        Map<TaskId, TaskRun> tasks = new LinkedHashMap<>();
        taskSteps.forEach(step -> tasks.put(step.task().id(), step.task()));
        return List.copyOf(tasks.values());
    }

    List<LedgerEvent> events() {
        return Stream.concat(steps.stream().map(Step::event), taskSteps.stream().map(TaskStep::event))
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
