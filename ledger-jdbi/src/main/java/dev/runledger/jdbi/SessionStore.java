package dev.runledger.jdbi;

import dev.runledger.run.CallOutcome;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

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
        return session.write(write(command));
    }

    private <O extends CallOutcome> Write<O> write(StoreCommand<O> command) {
        return new Write<>(CallName.of(command), attempt -> command.on(writers.on(attempt)));
    }

    @Override
    public <O extends CallOutcome> void applyAll(
            List<StoreCommand<O>> commands, BiConsumer<StoreCommand<O>, O> outcomes) {
        Map<Write<O>, StoreCommand<O>> writes = new LinkedHashMap<>();
        commands.forEach(command -> writes.put(write(command), command));
        session.writeAll(List.copyOf(writes.keySet()), (write, outcome) -> outcomes.accept(writes.get(write), outcome));
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
