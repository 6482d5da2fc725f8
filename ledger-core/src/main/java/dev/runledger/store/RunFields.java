package dev.runledger.store;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.run.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;

/**
 * What the events of a run say of it, so that a call, a store and a relay say the same. Thread-safe: it has no state.
 *
 * <p>Made for the ledger and for stores; a host fills {@link EventFields} itself.
 */
public final class RunFields {
    private RunFields() {}

    /** What every event of the run says: its id and version, and what was asked for. */
    public static EventFields of(WorkflowRun run) {
        EventFields fields = EventFields.of().runId(run.id()).put(EventField.SEQ, run.seq());
        return request(fields, run.request());
    }

    /** What an event says of a run that was asked for and not made: no id and no version. */
    public static EventFields of(NewRun request) {
        return request(EventFields.of(), request);
    }

    private static EventFields request(EventFields fields, NewRun request) {
        fields.workflowName(request.workflowName());
        fields.target(request.target());
        if (!request.project().isEmpty()) {
            fields.put(EventField.PROJECT, request.project());
        }
        fields.put(EventField.WORKFLOW_VERSION, request.workflowVersion());
        fields.put(EventField.CHANNEL, request.channel().code());
        Trigger trigger = request.trigger();
        if (trigger != null) {
            fields.put(EventField.TRIGGER, trigger.name());
            fields.deliveryId(trigger.deliveryId());
        }
        fields.put(EventField.TASK_QUEUE, request.taskQueue());
        if (request.parentRunId() != null) {
            fields.put(EventField.PARENT_RUN_ID, request.parentRunId().value());
        }
        return fields;
    }

    static void wait(EventFields fields, Wait wait) {
        fields.reason(wait.reason());
        fields.put(EventField.REASON_CODE, wait.code().code());
        fields.put(EventField.DEADLINE, wait.deadline());
        fields.put(EventField.CORRELATION_KEY, wait.correlationKey());
    }

    static void resumption(EventFields fields, WorkflowRun run, Resumption resumption) {
        fields.suspended(run.times().latestWait());
        if (run.latestWait() != null) {
            fields.put(EventField.REASON_CODE, run.latestWait().code().code());
        }
        fields.put(EventField.DECISION, resumption.decision());
        fields.put(EventField.ACTOR, resumption.actor());
    }

    static EventFields ending(EventFields fields, WorkflowRun run) {
        fields.duration(run.times().elapsed());
        fields.put(EventField.QUEUE_WAIT_MS, run.times().queueWait());
        Wait wait = run.latestWait();
        if (wait != null && run.resumption() == null) { // nothing ended the wait but this
            fields.put(EventField.WAIT_MS, run.times().latestWait());
            fields.put(EventField.WAIT_CODE, wait.code().code());
        }
        return fields.suspended(run.times().suspended());
    }

    static void enqueueFailure(EventFields fields, WorkflowRun run, Failure failure) {
        fields.duration(run.times().elapsed());
        fields.failure(failure);
    }
}
