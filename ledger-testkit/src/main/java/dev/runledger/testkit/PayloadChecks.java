package dev.runledger.testkit;

import dev.runledger.event.EventType;
import dev.runledger.redact.Redactor;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskRun;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.history.RunHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the payloads that a store has kept of the runs that were told of: no event shows them. */
final class PayloadChecks {
    private final List<Told> told;
    private final List<Breach> breaches = new ArrayList<>();

    private PayloadChecks(List<Told> told) {
        this.told = told;
    }

    static List<Breach> of(List<Told> told, RunHistory history) {
        PayloadChecks checks = new PayloadChecks(told);
        for (History each : History.all(told)) {
            Optional<WorkflowRun> run = isId(each.runId()) ? history.run(RunId.of(each.runId())) : Optional.empty();
            run.ifPresent(found -> {
                checks.run(found);
                history.tasks(found.id()).forEach(checks::task);
            });
        }
        return checks.breaches;
    }

    /** A host that keeps its own tables has ids of its own kind. */
    static boolean isId(String id) {
        return id.matches("[A-Za-z0-9\\-_.~]{1,128}");
    }

    private void run(WorkflowRun run) {
        Trigger trigger = run.request().trigger();
        if (trigger != null) {
            Told queued = latest(run.id().value(), Set.of(WorkflowRunEvent.QUEUED));
            check(queued, "the trigger's payload", trigger.payload());
            check(queued, "the trigger's details", trigger.details());
        }
        if (run.resumption() != null) {
            Told resumed = latest(run.id().value(), Set.of(WorkflowRunEvent.RESUMED));
            check(resumed, "the resumption's payload", run.resumption().payload());
        }
    }

    private void task(TaskRun task) {
        TaskRun.Result result = task.result();
        check(
                latest(task.id().value(), Set.of(TaskRunEvent.STARTED)),
                "a task's input",
                task.request().input());
        check(
                latest(task.id().value(), Set.of(TaskRunEvent.SUCCEEDED, TaskRunEvent.FAILED)),
                "a task's output",
                result == null ? null : result.output());
    }

    private @Nullable Told latest(String id, Set<? extends EventType> types) {
        return told.stream()
                .filter(each -> types.contains(each.event().type()))
                .filter(each -> each.runId().equals(id) || each.taskId().equals(id))
                .reduce((before, after) -> after)
                .orElse(null);
    }

    private void check(@Nullable Told at, String what, @Nullable Payload payload) {
        if (at == null || payload == null) {
            return;
        }
        if (payload.truncated()) {
            breaches.add(EventChecks.breach(
                    Breach.Kind.TRUNCATED,
                    at,
                    "has of %s, %d bytes, only the head kept".formatted(what, payload.size())));
        }
        if (payload.json() != null && payload.json().contains(Redactor.MASK)) {
            breaches.add(EventChecks.breach(Breach.Kind.REDACTED, at, "had what looks like a secret in " + what));
        }
    }
}
