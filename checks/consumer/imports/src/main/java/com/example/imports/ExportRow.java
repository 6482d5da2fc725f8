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
        Instant queuedAt,
        Instant startedAt,
        Instant heldAt,
        Duration suspended) {
    static ExportRow queued(String id, String customer, Instant now) {
        return new ExportRow(id, customer, "QUEUED", 1, now, null, null, Duration.ZERO);
    }

    ExportRow begun(Instant now) {
        return new ExportRow(id, customer, "RUNNING", version + 1, queuedAt, now, null, suspended);
    }

    ExportRow held(Instant now) {
        return new ExportRow(id, customer, "HELD", version + 1, queuedAt, startedAt, now, suspended);
    }

    ExportRow released(Instant now) {
        Duration sum = suspended.plus(Duration.between(heldAt, now));
        return new ExportRow(id, customer, "RUNNING", version + 1, queuedAt, startedAt, null, sum);
    }

    ExportRow ended(String how) {
        return new ExportRow(id, customer, how, version + 1, queuedAt, startedAt, heldAt, suspended);
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
