package com.example.imports;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import java.time.Duration;
import java.time.Instant;

/** A row of the table of exports, which is older than the ledger and stays as it is. */
record ExportRow(
        String id,
        String customer,
        String state,
        int version,
        int execution,
        Instant queuedAt,
        Instant startedAt,
        Instant heldAt,
        Duration queueWait,
        Duration suspended) {
    static ExportRow queued(String id, String customer, Instant now) {
        return new ExportRow(id, customer, "QUEUED", 1, 0, now, null, null, Duration.ZERO, Duration.ZERO);
    }

    ExportRow begun(Instant now) {
        Instant started = startedAt == null ? now : startedAt;
        Duration wait = Duration.between(queuedAt, now);
        return new ExportRow(
                id, customer, "RUNNING", version + 1, execution + 1, queuedAt, started, null, wait, suspended);
    }

    ExportRow givenBack(Instant now) {
        return new ExportRow(
                id, customer, "QUEUED", version + 1, execution, now, startedAt, null, queueWait, suspended);
    }

    ExportRow held(Instant now) {
        return new ExportRow(
                id, customer, "HELD", version + 1, execution, queuedAt, startedAt, now, queueWait, suspended);
    }

    ExportRow released(Instant now) {
        Duration sum = suspended.plus(Duration.between(heldAt, now));
        return new ExportRow(
                id, customer, "RUNNING", version + 1, execution, queuedAt, startedAt, null, queueWait, sum);
    }

    ExportRow ended(String how) {
        return new ExportRow(
                id, customer, how, version + 1, execution, queuedAt, startedAt, heldAt, queueWait, suspended);
    }

    boolean hasEnded() {
        return !state.equals("QUEUED") && !state.equals("RUNNING") && !state.equals("HELD");
    }

    /** What every event of the export says. */
    EventFields fields() {
        return EventFields.of()
                .runId(id)
                .workflowName("export")
                .target(customer)
                .put(EventField.SEQ, version);
    }
}
