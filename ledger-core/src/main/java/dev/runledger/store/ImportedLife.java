package dev.runledger.store;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.RunImport.Change;
import dev.runledger.store.RunImport.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Applies the changes of an import by the rules of {@link Lifecycle}, and says which one does not fit. */
final class ImportedLife {
    private ImportedLife() {}

    static RunImport.Life of(NewRun request, Instant queuedAt, List<Change> changes) {
        WorkflowRun queued = Lifecycle.queued(request, queuedAt);
        WorkflowRun run = queued;
        WorkflowRunEvent latest = WorkflowRunEvent.QUEUED;
        Instant before = queuedAt;
        Map<TaskId, TaskRun> tasks = new HashMap<>();
        List<Step> steps = new ArrayList<>();
        for (Change timed : changes) {
            requireOrder(timed, before);
            before = timed.at();
            if (timed.command() instanceof RunChange change) {
                requireSame(change.runId(), timed, run.id());
                run = after(run, latest, change, before);
                latest = change.event();
                steps.add(new Step(change, run, Optional.empty()));
            } else if (timed.command() instanceof TaskChange change) {
                if (change instanceof TaskChange.Begin begin) {
                    requireSame(begin.runId(), timed, run.id());
                }
                TaskRun task = after(Optional.ofNullable(tasks.get(change.taskId())), change, run, timed);
                tasks.put(task.id(), task);
                steps.add(new Step(change, run, Optional.of(task)));
            }
        }
        return new RunImport.Life(queued, steps);
    }

    /** Returns the run after a change that fits. No claim is imported: its worker has no token. */
    static WorkflowRun after(WorkflowRun run, WorkflowRunEvent latest, RunChange change, Instant at) {
        requireOrder(new Change(change, at), run.times().changedAt());
        Decision decision = Lifecycle.decide(run, latest, change, at);
        if (decision instanceof Decision.Next next) {
            return next.run().toBuilder()
                    .ownedBy(next.run().owner().orElse(null), null, null)
                    .build();
        }
        RunCommand command = change.command();
        String why = decision instanceof Decision.No no && command.leaves(run.state())
                ? no.why()
                : "expected one that is "
                        + command.leaves().stream().map(Enum::name).collect(Collectors.joining(" or "));
        throw new IllegalArgumentException(
                "%s at %s: run %s is %s: %s".formatted(named(change), at, run.id(), run.state(), why));
    }

    private static TaskRun after(Optional<TaskRun> task, TaskChange change, WorkflowRun run, Change timed) {
        if (change.taskId().value().equals(run.id().value())) {
            throw new IllegalArgumentException("%s at %s: task %s has the id of its run, expected another"
                    .formatted(named(change), timed.at(), change.taskId()));
        }
        TaskRun standing = task.orElse(null);
        Optional<String> refusal = Lifecycle.refusal(standing, change, run);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException("%s at %s: %s".formatted(named(change), timed.at(), refusal.get()));
        }
        return Lifecycle.next(standing, change, run, timed.at());
    }

    /** Requires that the change is not before this time. */
    static void requireOrder(Change timed, Instant before) {
        if (timed.at().isBefore(before)) {
            throw new IllegalArgumentException(
                    "%s at %s: %s was changed at %s before that, expected that time or a later one"
                            .formatted(
                                    named(timed.command()),
                                    timed.at(),
                                    timed.command().subject(),
                                    before));
        }
    }

    private static void requireSame(RunId of, Change timed, RunId expected) {
        if (!of.equals(expected)) {
            throw new IllegalArgumentException("%s at %s is of run %s, expected run %s"
                    .formatted(named(timed.command()), timed.at(), of, expected));
        }
    }

    static List<TaskRun> tasks(List<Step> steps) {
        Map<TaskId, TaskRun> tasks = new LinkedHashMap<>();
        steps.forEach(step -> step.task().ifPresent(task -> tasks.put(task.id(), task)));
        return List.copyOf(tasks.values());
    }

    /** Returns the name of the call of {@link RunImport} that adds this change. */
    private static String named(StoreCommand<?> change) {
        return switch (change.call()) {
            case ENQUEUE_FAILED -> "enqueueFailed";
            case START, START_TASK -> "started";
            case SUSPEND -> "suspended";
            case RESUME -> "resumed";
            case REQUEUE -> "requeued";
            case HAND_OFF -> "handedOff";
            case SUCCEED, SUCCEED_TASK -> "succeeded";
            case INCOMPLETE -> "incomplete";
            case FAIL, FAIL_TASK -> "failed";
            case CANCEL -> "cancelled";
            case RETRY_TASK -> "retried";
            case SKIP_TASK -> "skipped";
            case DISPATCH, REFUSE, CLAIM, IMPORT -> change.call().code();
        };
    }
}
