package dev.runledger.jdbi;

import dev.runledger.history.RunHistory;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.CallOutcome;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A store that makes each call as if it had come with others, so that the contracts hold the statements for many. */
final class BatchOfOneStore implements RunStore, RunStatistics {
    private final DataSource pool;
    private final JdbiRunStore store;
    private final PostgresBatches batches = new PostgresBatches(new Tables(null, "ledger_"));

    BatchOfOneStore(DataSource pool) {
        this.pool = pool;
        this.store = JdbiRunStore.on(pool);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <O extends CallOutcome> O apply(StoreCommand<O> command) {
        Object shape = batches.shape(command);
        if (shape == null) {
            return store.apply(command);
        }
        PostgresBatches.Answer answer = together(command, shape);
        return answer == null ? store.apply(command) : (O) answer.orElseThrow();
    }

    private PostgresBatches.@Nullable Answer together(StoreCommand<?> command, Object shape) {
        try (Connection connection = pool.getConnection()) {
            return batches.store(connection, shape, List.of(command)).get(command.subject());
        } catch (SQLException left) { // such a statement fails as a whole, and leaves each call to its own
            return null;
        }
    }

    @Override
    public RunHistory history() {
        return store.history();
    }

    @Override
    public byte[] identityKey() {
        return store.identityKey();
    }

    @Override
    public Snapshot snapshot(Duration failedWithin) {
        return store.snapshot(failedWithin);
    }
}
