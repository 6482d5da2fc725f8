package com.example.imports;

import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.io.IOException;

/** Keeps events for the auditors, one line for each. */
public final class AuditTrail implements EventSink {
    private final Appendable lines;

    /** Makes a trail that is written here. */
    public AuditTrail(Appendable lines) {
        this.lines = lines;
    }

    @Override
    public void accept(LedgerEvent event) throws IOException {
        String line = EventJson.write(event);
        lines.append(line + "\n");
    }
}
