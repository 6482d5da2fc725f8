package dev.runledger.concurrency;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import java.time.Instant;
import java.util.Map;

/** Events that are made once. */
final class Events {
    static final LedgerEvent RUNNING = of(WorkflowRunEvent.RUNNING);
    static final LedgerEvent SUCCEEDED = of(WorkflowRunEvent.SUCCEEDED);

    private Events() {}

    private static LedgerEvent of(WorkflowRunEvent type) {
        EventFields fields = EventFields.of().runId("run-1").workflowName("review");
        Sanitizer sanitizer = Sanitizer.of(Redactor.standard(), Limits.standard());
        return LedgerEvent.of(type, "run-1:" + type, Instant.EPOCH, fields, Map.of(), sanitizer);
    }
}
