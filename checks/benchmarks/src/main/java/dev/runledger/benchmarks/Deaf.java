package dev.runledger.benchmarks;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;

/** Wants nothing. */
final class Deaf implements EventSink {
    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    @Override
    public boolean wants(EventType type) {
        return false;
    }

    @Override
    public void accept(LedgerEvent event) {
        throw new IllegalStateException("wants nothing");
    }
}
