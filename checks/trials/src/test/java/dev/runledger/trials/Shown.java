package dev.runledger.trials;

import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shows the outcomes and rows of a store as texts without any time in them, so that two stores can be compared. */
final class Shown {
    private static final Set<String> TIMES =
            Set.of("occurredAt", "durationMs", "queueWaitMs", "suspendedMs", "waitMs", "schemaVersion");

    private Shown() {}

    static String of(Dispatch dispatch) {
        if (dispatch instanceof Dispatch.Refused refused) {
            return "Refused %s: %s, by %s".formatted(refused.code(), refused.reason(), refused.blocker());
        }
        return dispatch.getClass().getSimpleName() + ' ' + of(dispatch.orElseThrow());
    }

    static String of(Transition transition) {
        if (transition instanceof Transition.Applied applied) {
            return "Applied %s, %s, child %s"
                    .formatted(
                            applied.after().eventId(),
                            of(applied.after()),
                            applied.child().map(Shown::of).orElse("none"));
        }
        if (transition instanceof Transition.AlreadyApplied already) {
            return "Already %s, %s".formatted(already.eventId(), of(already.standing()));
        }
        if (transition instanceof Transition.Rejected rejected) {
            return "Rejected %s because %s, child %s, %s"
                    .formatted(rejected.command(), rejected.why(), rejected.refusedChild(), of(rejected.standing()));
        }
        return transition.toString();
    }

    static String of(TaskTransition transition) {
        if (transition instanceof TaskTransition.Applied applied) {
            return "Applied %s, %s".formatted(of(applied.after()), of(applied.run()));
        }
        if (transition instanceof TaskTransition.AlreadyApplied already) {
            return "Already %s, %s".formatted(already.eventId(), of(already.standing()));
        }
        if (transition instanceof TaskTransition.Rejected rejected) {
            return "Rejected because %s, %s"
                    .formatted(rejected.why(), rejected.task().map(Shown::of).orElse("none"));
        }
        return transition.toString();
    }

    static String of(CallOutcome outcome) {
        if (outcome instanceof Dispatch dispatch) {
            return of(dispatch);
        }
        if (outcome instanceof Transition transition) {
            return of(transition);
        }
        return outcome instanceof TaskTransition task ? of(task) : outcome.toString();
    }

    static String of(WorkflowRun run) {
        return "run[%s %s seq=%d execution=%s owner=%s claim=%s handedOff=%s wait=%s answer=%s reason=%s failure=%s]"
                .formatted(
                        of(run.request()),
                        run.state(),
                        run.seq(),
                        run.execution(),
                        run.owner(),
                        run.claimToken(),
                        run.handedOff(),
                        run.latestWait().map(Shown::of),
                        run.resumption().map(Shown::of),
                        run.reason(),
                        run.failure().map(Shown::of));
    }

    private static String of(NewRun run) {
        return "%s %s project=%s version=%s %s target=%s trigger=%s queue=%s parent=%s once=%s %s"
                .formatted(
                        run.id(),
                        run.workflowName(),
                        run.project(),
                        run.workflowVersion(),
                        run.channel(),
                        run.target(),
                        run.trigger().map(Shown::of),
                        run.taskQueue(),
                        run.parentRunId(),
                        run.oncePerDelivery(),
                        new TreeMap<>(run.context()));
    }

    private static String of(Trigger trigger) {
        return "%s delivery=%s actor=%s details=%s payload=%s"
                .formatted(
                        trigger.name(),
                        trigger.deliveryId(),
                        trigger.actor(),
                        trigger.details().map(Shown::of),
                        trigger.payload().map(Shown::of));
    }

    private static String of(Payload payload) {
        return "%s %s %d %s %s"
                .formatted(payload.json(), payload.reference(), payload.size(), payload.digest(), payload.truncated());
    }

    private static String of(Wait wait) {
        return "%s %s until=%s then=%s key=%s %s"
                .formatted(
                        wait.code(),
                        wait.reason(),
                        wait.deadline(),
                        wait.onDeadline(),
                        wait.correlationKey(),
                        new TreeMap<>(wait.context()));
    }

    private static String of(Resumption resumption) {
        return "%s by=%s payload=%s key=%s %s"
                .formatted(
                        resumption.decision(),
                        resumption.actor(),
                        resumption.payload().map(Shown::of),
                        resumption.correlationKey(),
                        new TreeMap<>(resumption.context()));
    }

    private static String of(Failure failure) {
        return "%s %s uncaught=%s %s %s %s"
                .formatted(
                        failure.reason(),
                        failure.category(),
                        failure.uncaught(),
                        failure.errorClass(),
                        failure.errorMessage(),
                        failure.errorStack());
    }

    static String of(TaskRun task) {
        return "task[%s of %s %s seq=%d attempt=%d result=%s failure=%s reason=%s]"
                .formatted(
                        of(task.request()),
                        task.runId(),
                        task.state(),
                        task.seq(),
                        task.attempt(),
                        task.result().map(Shown::of),
                        task.failure().map(Shown::of),
                        task.reason());
    }

    private static String of(NewTask task) {
        return "%s %s verb=%s %s instrument=%s %s timeout=%s permissions=%s input=%s"
                .formatted(
                        task.id(),
                        task.name(),
                        task.verb(),
                        task.kind(),
                        task.instrument(),
                        task.retry(),
                        task.timeout(),
                        new TreeSet<>(task.permissions()),
                        task.input().map(Shown::of));
    }

    private static String of(TaskRun.Result result) {
        return "output=%s exit=%s bytes=%s timedOut=%s"
                .formatted(
                        result.output().map(Shown::of),
                        result.exitCode(),
                        result.statusCode(),
                        result.outputBytes(),
                        result.timedOut());
    }

    static String of(LedgerEvent event) {
        Map<String, Object> fields = new TreeMap<>(event.fields());
        fields.keySet().removeAll(TIMES);
        return event.type() + " " + event.eventId() + " " + fields + " " + new TreeMap<>(event.context());
    }

    /** Returns everything that a store keeps of these runs and tasks. */
    static List<String> of(
            RunHistory history,
            String project,
            Collection<RunId> runs,
            Collection<TaskId> tasks,
            Collection<String> keys) {
        List<String> all = new ArrayList<>();
        for (RunId id : runs) {
            all.add("run " + id + ": " + history.run(id).map(Shown::of));
            history.events(id).forEach(event -> all.add("  " + of(event)));
            history.tasks(id).forEach(task -> all.add("  " + of(task)));
            history.children(id).forEach(child -> all.add("  child " + of(child)));
        }
        tasks.forEach(id -> all.add("task " + id + ": " + history.task(id).map(Shown::of)));
        keys.forEach(key -> all.add(
                "waiting for " + key + ": " + history.waitingFor(project, key).map(Shown::of)));
        RunQuery query = RunQuery.builder().project(project).build();
        history.page(query).runs().forEach(run -> all.add("page: " + of(run)));
        return all;
    }
}
