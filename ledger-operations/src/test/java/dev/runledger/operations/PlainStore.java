package dev.runledger.operations;

import dev.runledger.history.RunHistory;
import dev.runledger.run.CallOutcome;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;

/** A store that has none of the optional ports. */
record PlainStore(RunStore store) implements RunStore {
    @Override
    public <O extends CallOutcome> O apply(StoreCommand<O> command) {
        return store.apply(command);
    }

    @Override
    public RunHistory history() {
        return store.history();
    }

    @Override
    public byte[] identityKey() {
        return store.identityKey();
    }
}
