package dev.runledger.store;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import java.time.Duration;
import java.util.TreeSet;

/** Says what the event of a change says of its run or task, so that a call and a store that reads it back say the same. */
final class ChangeFields {
    private ChangeFields() {}

    // ---- runs

    static EventFields of(RunChange change, WorkflowRun run) {
        EventFields fields = EventFields.of(run);
        if (change instanceof RunChange.Start start) {
            fields.put(EventField.QUEUE_WAIT_MS, run.times().queueWait().orElse(null));
            fields.workerId(start.worker()).put(EventField.EXECUTION, run.execution());
        } else if (change instanceof RunChange.Suspend suspend) {
            wait(fields, suspend.newWait());
        } else if (change instanceof RunChange.Resume resume) {
            fields.suspended(run.times().latestWaitDuration());
            run.latestWait()
                    .ifPresent(wait ->
                            fields.put(EventField.REASON_CODE, wait.code().code()));
            fields.put(EventField.DECISION, resume.resumption().decision().orElse(null));
            fields.put(
                    EventField.ACTOR,
                    resume.resumption().actor().or(change.head()::actor).orElse(null));
        } else if (change instanceof RunChange.Requeue requeue) {
            fields.duration(run.times().elapsed()).reason(requeue.reason());
            fields.put(EventField.EXECUTION, run.execution());
            fields.put(EventField.ACTOR, change.head().actor().orElse(null));
        } else if (change instanceof RunChange.HandOff handOff) {
            fields.duration(run.times().elapsed());
            fields.put(EventField.CHILD_RUN_ID, handOff.childId().value());
        } else if (change instanceof RunChange.Succeed) {
            ending(fields, run);
        } else if (change instanceof RunChange.Incomplete incomplete) {
            ending(fields, run).reason(incomplete.reason());
        } else if (change instanceof RunChange.Cancel cancel) {
            ending(fields, run).reason(cancel.reason());
            fields.put(EventField.ACTOR, change.head().actor().orElse(null));
        } else if (change instanceof RunChange.Fail fail) {
            Failure how = fail.failure();
            ending(fields, run).failure(how).put(EventField.UNCAUGHT, how.uncaught());
        } else if (change instanceof RunChange.EnqueueFailed failed) {
            fields.duration(run.times().elapsed()).failure(failed.failure());
        }
        change.head().recovered().ifPresent(recovery -> fields.put(EventField.RECOVERED, recovery.code()));
        return fields.putAll(change.head().customFields());
    }

    /** Says what {@code workflow.run.overdue} says of a run whose wait goes on. */
    static EventFields overdue(WorkflowRun run, Duration waited) {
        EventFields fields = EventFields.of(run);
        run.latestWait().ifPresent(wait -> wait(fields, wait));
        return fields.put(EventField.WAIT_MS, waited);
    }

    private static void wait(EventFields fields, Wait wait) {
        fields.reason(wait.reason());
        fields.put(EventField.REASON_CODE, wait.code().code());
        fields.put(EventField.DEADLINE, wait.deadline().orElse(null));
        fields.put(EventField.CORRELATION_KEY, wait.correlationKey().orElse(null));
    }

    private static EventFields ending(EventFields fields, WorkflowRun run) {
        fields.duration(run.times().elapsed());
        fields.put(EventField.QUEUE_WAIT_MS, run.times().queueWait().orElse(null));
        if (run.latestWait().isPresent() && run.resumption().isEmpty()) { // this end cut the wait off
            fields.put(EventField.WAIT_MS, run.times().latestWaitDuration());
            fields.put(EventField.WAIT_CODE, run.latestWait().get().code().code());
        }
        return fields.suspended(run.times().suspended());
    }

    // ---- tasks

    static EventFields of(TaskChange change, TaskRun task, WorkflowRun run) {
        EventFields fields = EventFields.of(run);
        NewTask request = task.request();
        task(fields, task);
        switch (change.kind()) {
            case START -> permissions(fields, request);
            case SUCCEED, FAIL -> ended(fields, (TaskChange.End) change, task);
            case RETRY -> {
                RetryPolicy.Retry retry = request.retry().after(Math.max(1, task.attempt() - 1));
                permissions(fields, request);
                fields.put(EventField.RETRY_EXPECTED, retry.expected());
                fields.put(EventField.NEXT_ATTEMPT, retry.nextAttempt());
                fields.put(EventField.DELAY_MS, retry.delay());
            }
            case SKIP -> fields.reason(((TaskChange.Skip) change).reason());
        }
        return fields.putAll(change.head().customFields());
    }

    private static void task(EventFields fields, TaskRun task) {
        NewTask request = task.request();
        fields.taskId(task.id()).put(EventField.TASK_SEQ, task.seq());
        fields.put(EventField.TASK_NAME, request.name());
        fields.put(EventField.VERB, request.verb());
        fields.put(EventField.TASK_KIND, request.kind().code());
        if (task.execution() > 0) {
            fields.put(EventField.EXECUTION, task.execution());
        }
        if (task.attempt() > 0) {
            fields.put(EventField.ATTEMPT, task.attempt());
        }
        if (request.kind() == NewTask.Kind.TOOL || request.kind() == NewTask.Kind.ADAPTER) {
            fields.put(EventField.INSTRUMENT, request.instrument());
        }
    }

    private static void permissions(EventFields fields, NewTask request) {
        fields.put(EventField.TIMEOUT_MS, request.timeout().orElse(null));
        if (!request.permissions().isEmpty()) {
            fields.put(EventField.PERMISSIONS, String.join(",", new TreeSet<>(request.permissions())));
        }
    }

    private static void ended(EventFields fields, TaskChange.End change, TaskRun task) {
        permissions(fields, task.request());
        fields.duration(task.elapsed());
        TaskRun.Result result = change.result();
        result.exitCode().ifPresent(code -> fields.put(EventField.EXIT_CODE, code));
        result.statusCode().ifPresent(status -> fields.put(EventField.STATUS_CODE, status));
        result.outputBytes().ifPresent(bytes -> fields.put(EventField.OUTPUT_BYTES, bytes));
        if (result.timedOut()) {
            fields.put(EventField.TIMED_OUT, true);
        }
        if (change instanceof TaskChange.Fail fail) {
            fields.failure(fail.failure());
            fields.put(
                    EventField.RETRY_EXPECTED,
                    task.request().retry().after(task.attempt()).expected());
        }
    }
}
