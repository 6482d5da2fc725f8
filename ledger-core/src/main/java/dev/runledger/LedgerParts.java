package dev.runledger;

import dev.runledger.store.RunStore;

/** What the views of one ledger share. */
record LedgerParts(RunStore store, WorkflowRunEvents events, Payloads payloads, CallCounters calls) {
    String newId() {
        return events.ids().get();
    }
}
