package com.example.imports;

import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.io.IOException;

/** Keeps what was told for the auditors, a line an event. */
public final class AuditTrail implements EventSink {
    private final Appendable lines;

    /** A trail that is written here. */
    public AuditTrail(Appendable lines) {
        this.lines = lines;
    }

    @Override
    public boolean wants(EventType type) {
        return true;
    }

    @Override
    public void accept(LedgerEvent event) throws IOException {
        String line = EventJson.write(event);
        lines.append(line + "\n");
    }
}
