package dev.runledger.testkit;

import dev.runledger.event.EventType;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.redact.Redactor;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the payloads that a store keeps of the emitted runs: no event shows them. */
final class PayloadChecks {
    private final List<RecordedEvent> recorded;
    private final List<Breach> breaches = new ArrayList<>();

    private PayloadChecks(List<RecordedEvent> recorded) {
        this.recorded = recorded;
    }

    static List<Breach> of(List<RecordedEvent> recorded, RunHistory history) {
        PayloadChecks checks = new PayloadChecks(recorded);
        for (History each : History.all(recorded)) {
            Optional<WorkflowRun> run = isId(each.runId()) ? history.run(RunId.of(each.runId())) : Optional.empty();
            run.ifPresent(found -> {
                checks.run(found);
                history.tasks(found.id())
                        .forEach(task -> history.task(task.id()).ifPresent(checks::task));
            });
        }
        return checks.breaches;
    }

    /** Returns whether the text is an id of the ledger. An application that keeps its own tables may have other ids. */
    static boolean isId(String id) {
        return id.matches("[A-Za-z0-9\\-_.~]{1,128}");
    }

    private void run(WorkflowRun run) {
        String id = run.id().value();
        run.request().trigger().ifPresent(trigger -> {
            RecordedEvent queued = latest(id, Set.of(WorkflowRunEvent.QUEUED));
            check(queued, "the trigger's payload", trigger.payload());
            check(queued, "the trigger's details", trigger.details());
        });
        run.resumption().ifPresent(resumption -> {
            RecordedEvent resumed = latest(id, Set.of(WorkflowRunEvent.RESUMED));
            check(resumed, "the resumption's payload", resumption.payload());
        });
    }

    private void task(TaskRun task) {
        String id = task.id().value();
        check(
                latest(id, Set.of(TaskRunEvent.STARTED)),
                "a task's input",
                task.request().input());
        check(
                latest(id, Set.of(TaskRunEvent.SUCCEEDED, TaskRunEvent.FAILED)),
                "a task's output",
                task.result().flatMap(TaskRun.Result::output));
    }

    private @Nullable RecordedEvent latest(String id, Set<? extends EventType> types) {
        return recorded.stream()
                .filter(each -> types.contains(each.event().type()))
                .filter(each -> each.runId().equals(id) || each.taskId().equals(id))
                .reduce((before, after) -> after)
                .orElse(null);
    }

    private void check(@Nullable RecordedEvent at, String what, Optional<Payload> payload) {
        if (at == null || payload.isEmpty()) {
            return;
        }
        if (payload.get().truncated()) {
            breaches.add(EventChecks.breach(
                    Breach.Kind.TRUNCATED,
                    at,
                    "kept only the head of %s, which has %s bytes"
                            .formatted(what, payload.get().size())));
        }
        if (payload.get().json().orElse("").contains(Redactor.MASK)) {
            breaches.add(EventChecks.breach(Breach.Kind.REDACTED, at, "had what looks like a secret in " + what));
        }
    }
}
