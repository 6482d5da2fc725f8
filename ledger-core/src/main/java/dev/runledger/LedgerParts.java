package dev.runledger;

import dev.runledger.store.RunStore;
import dev.runledger.store.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** What the views of one ledger share; {@code joined} says which transaction of the host's the calls of this view join. */
record LedgerParts(
        RunStore store,
        WorkflowRunEvents events,
        Payloads payloads,
        CallCounters calls,
        @Nullable Joined joined) {
    /** A host's transaction that calls join, and the store that they use outside it. */
    record Joined(UnitOfWork unit, RunStore outside) {}

    String newId() {
        return events.ids().get();
    }

    @Nullable
    UnitOfWork unit() {
        return joined == null ? null : joined.unit();
    }

    /** The same parts inside a host's transaction. */
    LedgerParts in(UnitOfWork unit) {
        return new LedgerParts(
                unit.store(),
                events,
                payloads,
                calls,
                new Joined(unit, outside().store()));
    }

    /** The same parts outside any transaction. */
    LedgerParts outside() {
        return joined == null ? this : new LedgerParts(joined.outside(), events, payloads, calls, null);
    }
}
