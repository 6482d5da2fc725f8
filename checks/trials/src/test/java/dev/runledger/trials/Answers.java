package dev.runledger.trials;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stores answer, as texts without any time in them, so that two stores can be held against each other. */
final class Answers {
    private static final Set<String> TIMES =
            Set.of("occurredAt", "durationMs", "queueWaitMs", "suspendedMs", "waitMs", "schemaVersion");

    private Answers() {}

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
                            applied.eventId(),
                            of(applied.run()),
                            applied.child().map(Answers::of).orElse("none"));
        }
        if (transition instanceof Transition.AlreadyApplied already) {
            return "Already %s, %s".formatted(already.eventId(), of(already.run()));
        }
        if (transition instanceof Transition.Rejected rejected) {
            return "Rejected %s because %s, child %s, %s"
                    .formatted(rejected.command(), rejected.why(), rejected.refusedChild(), of(rejected.run()));
        }
        return transition.toString();
    }

    static String of(TaskTransition transition) {
        if (transition instanceof TaskTransition.Applied applied) {
            return "Applied %s, %s".formatted(of(applied.task()), of(applied.run()));
        }
        if (transition instanceof TaskTransition.AlreadyApplied already) {
            return "Already %s, %s".formatted(already.eventId(), of(already.task()));
        }
        if (transition instanceof TaskTransition.Rejected rejected) {
            return "Rejected because %s, %s"
                    .formatted(rejected.why(), rejected.task().map(Answers::of).orElse("none"));
        }
        return transition.toString();
    }

    static String of(WorkflowRun run) {
        return "run[%s %s seq=%d owner=%s handedOff=%s wait=%s answer=%s reason=%s failure=%s]"
                .formatted(
                        of(run.request()),
                        run.state(),
                        run.seq(),
                        run.owner(),
                        run.handedOff(),
                        run.latestWait(),
                        run.resumption(),
                        run.reason(),
                        run.failure());
    }

    private static String of(NewRun request) {
        return request.toBuilder().context(Map.of()).build() + " " + new TreeMap<>(request.context());
    }

    static String of(TaskRun task) {
        return "task[%s of %s %s seq=%d attempt=%d result=%s failure=%s reason=%s permissions=%s]"
                .formatted(
                        task.request().permissions(Set.of()),
                        task.runId(),
                        task.state(),
                        task.seq(),
                        task.attempt(),
                        task.result(),
                        task.failure(),
                        task.reason(),
                        new TreeSet<>(task.request().permissions()));
    }

    static String of(LedgerEvent event) {
        Map<String, Object> fields = new TreeMap<>(event.fields());
        fields.keySet().removeAll(TIMES);
        return event.type() + " " + event.eventId() + " " + fields + " " + new TreeMap<>(event.context());
    }

    /** Everything that a store keeps of these runs and tasks. */
    static List<String> of(
            RunHistory history,
            String project,
            Collection<RunId> runs,
            Collection<TaskId> tasks,
            Collection<String> keys) {
        List<String> all = new ArrayList<>();
        for (RunId id : runs) {
            all.add("run " + id + ": " + history.run(id).map(Answers::of));
            history.events(id).forEach(event -> all.add("  " + of(event)));
            history.tasks(id).forEach(task -> all.add("  " + of(task)));
            history.children(id).forEach(child -> all.add("  child " + of(child)));
        }
        tasks.forEach(id -> all.add("task " + id + ": " + history.task(id).map(Answers::of)));
        keys.forEach(key ->
                all.add("waiting for " + key + ": " + history.waitingFor(key).map(Answers::of)));
        RunQuery query = RunQuery.builder().project(project).build();
        history.page(query).runs().forEach(run -> all.add("page: " + of(run)));
        return all;
    }
}
