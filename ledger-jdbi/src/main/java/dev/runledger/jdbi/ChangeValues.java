package dev.runledger.jdbi;

import dev.runledger.failure.Failure;
import dev.runledger.run.TaskRun;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.TaskChange;
import java.util.Optional;

/** Binds what a change makes of a row, and what the row of its event keeps. */
final class ChangeValues {
    private ChangeValues() {}

    // ---- rows

    static void bindRow(Binder binder, RunChange change) {
        binder.text("id", change.runId().value()).text("event", change.event().eventName());
        if (change instanceof RunChange.Start start) {
            binder.text("worker", start.worker())
                    .text("claimToken", start.head().callId())
                    .text("instance", start.head().instance());
        } else if (change instanceof RunChange.Suspend suspend) {
            RunColumns.bindWait(binder, Optional.of(suspend.newWait()));
        } else if (change instanceof RunChange.Resume resume) {
            RunColumns.bindResumption(binder, Optional.of(resume.resumption()));
            binder.text("key", resume.resumption().correlationKey())
                    .text("resume_payload", resume.resumption().payload().map(PayloadColumn::write));
        } else if (change instanceof RunChange.Incomplete incomplete) { // the reason of a requeue is its event's alone
            binder.text("reason", incomplete.reason());
        } else if (change instanceof RunChange.Cancel cancel) {
            binder.text("reason", cancel.reason());
        } else if (change instanceof RunChange.Fail fail) {
            bindFailure(binder, fail.failure());
        } else if (change instanceof RunChange.EnqueueFailed failed) {
            bindFailure(binder, failed.failure());
        }
    }

    private static void bindFailure(Binder binder, Failure failure) {
        binder.text("reason", failure.reason());
        RunColumns.bindFailure(binder, Optional.of(failure));
    }

    static void bindRow(Binder binder, TaskChange change) {
        binder.text("id", change.taskId().value())
                .constant("state", change.kind().enters());
        if (change instanceof TaskChange.Begin begin) {
            TaskColumns.bindRequest(binder, begin.request(), begin.runId());
            binder.text("task_input", begin.request().input().map(PayloadColumn::write))
                    .number("payloads", (long)
                            Body.INPUT.bitIf(begin.request().input().isPresent()))
                    .number("attempt", change instanceof TaskChange.Start ? 1L : 0L)
                    .text("reason", change instanceof TaskChange.Skip skip ? skip.reason() : null);
        } else {
            Optional<TaskRun.Result> result =
                    change instanceof TaskChange.End end ? Optional.of(end.result()) : Optional.empty();
            Optional<Failure> failure =
                    change instanceof TaskChange.Fail fail ? Optional.of(fail.failure()) : Optional.empty();
            binder.text("output", result.flatMap(TaskRun.Result::output).map(PayloadColumn::write));
            TaskColumns.bindEnd(binder, result, failure);
        }
    }

    /** Binds what a call expects of its run. */
    static void bindExpected(Binder binder, StoreCommand.Head head) {
        binder.text("expectedClaim", head.expectedClaim())
                .number("expectedSeq", head.expectedSeq().orElse(null));
    }

    static void bindClaim(Binder binder, StoreCommand.ClaimRun command) {
        binder.text("id", command.subject())
                .text("worker", command.worker())
                .text("claimToken", command.head().callId())
                .text("instance", command.head().instance());
        bindExpected(binder, command.head());
    }

    // ---- events

    /** Binds the head of a command whose event is stored. */
    static void bindHead(Binder binder, StoreCommand.Head head) {
        binder.text("callId", head.callId()).text("idempotencyKey", head.idempotencyKey());
    }

    static void bindEvent(Binder binder, RunChange change) {
        bindHead(binder, change.head());
        binder.text("event", change.event().eventName())
                .text("data", EventData.of(change))
                .text(
                        "childRunId",
                        change instanceof RunChange.HandOff handOff
                                ? handOff.childId().value()
                                : null);
    }

    static void bindEvent(Binder binder, TaskChange change) {
        bindHead(binder, change.head());
        binder.text("event", change.event().eventName())
                .text("data", EventData.of(change))
                .text("childRunId", (String) null);
    }
}
