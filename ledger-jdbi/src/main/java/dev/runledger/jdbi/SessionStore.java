package dev.runledger.jdbi;

import dev.runledger.run.CallOutcome;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;

/**
 * Carries commands out on the connections of one session: those of the store, or the one of a transaction of the application.
 *
 * @param session where the connections come from
 * @param writers makes the writer of each attempt
 * @param reader reads rows
 * @param key the identity key of the database
 */
record SessionStore(Session session, Writers writers, Reader reader, IdentityKey key) implements RunStore {
    /** Makes the writer that carries out the command of one attempt. */
    @FunctionalInterface
    interface Writers {
        Writer on(Attempt attempt);
    }

    /** Returns the same store on another session. */
    SessionStore on(Session other) {
        return new SessionStore(other, writers, reader, key);
    }

    @Override
    public <O extends CallOutcome> O apply(StoreCommand<O> command) {
        return session.write(CallName.of(command), attempt -> command.on(writers.on(attempt)));
    }

    @Override
    public byte[] identityKey() {
        return key.get();
    }

    @Override
    public History history() {
        return new History(session, reader);
    }
}
