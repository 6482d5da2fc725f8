package dev.runledger.jdbi;

import dev.runledger.history.RunHistory;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.LeaseStore;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.RetentionStore;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps runs in PostgreSQL or in a SQLite file. Once a call returns, its change is committed: on PostgreSQL by one statement, on
 * SQLite by one immediate transaction at {@code synchronous=FULL}.
 *
 * <p>A call that loses its connection is made again and finds what it stored before, until its {@link Builder#callBudget budget} is over.
 * If that does not help, a {@link dev.runledger.store.StoreException} says what is known of the change, and how often and how long the
 * call was tried. Times are those of the database's clock on PostgreSQL and of the application's on SQLite.
 *
 * <p>Thread-safe. Closes only what it opened: the connections to a file that was given as a path. The application brings the driver:
 * {@code org.postgresql:postgresql} or {@code org.xerial:sqlite-jdbc}.
 */
public final class JdbiRunStore
        implements RunStore, RunStatistics, LeaseStore, RecoveryStore, RetentionStore, AutoCloseable {
    private final SessionStore own;
    private final Upkeep upkeep;
    private final @Nullable GroupCommit grouped;
    private final Tables tables;
    private final Database database;
    private final @Nullable SqliteConnections opened;
    private final CallBudget budget;

    JdbiRunStore(
            SessionStore own,
            Upkeep upkeep,
            @Nullable GroupCommit grouped,
            Tables tables,
            Database database,
            @Nullable SqliteConnections opened,
            CallBudget budget) {
        this.own = own;
        this.upkeep = upkeep;
        this.grouped = grouped;
        this.tables = tables;
        this.database = database;
        this.opened = opened;
        this.budget = budget;
    }

    /**
     * Opens a store in this SQLite file, which is made if it is not there. The store opens its own connections; close it.
     *
     * @throws IllegalArgumentException if the path has a question mark
     * @throws IllegalStateException if a newer version made the tables
     * @throws dev.runledger.store.StoreException if the file cannot be opened
     */
    public static JdbiRunStore sqlite(Path file) {
        return builder(file).build();
    }

    /**
     * Opens a store in the database of this data source, PostgreSQL or SQLite. Its tables are made if they are not there.
     *
     * @throws IllegalArgumentException if it is another database, or an older one than is supported
     * @throws IllegalStateException if a newer version made the tables, if they are in another schema than the connection's own, if a
     *     setting would lose changes, or if the data source lends a connection inside a transaction
     */
    public static JdbiRunStore on(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * Returns a builder for a SQLite file, with every default.
     *
     * @throws IllegalArgumentException if the path has a question mark
     */
    public static Builder builder(Path file) {
        if (file.toString().indexOf('?') >= 0) { // the driver takes what comes after it for settings
            throw new IllegalArgumentException(
                    "the file is '%s', expected a path without a question mark".formatted(file));
        }
        return new Builder(null, file);
    }

    /** Returns a builder for a data source, with every default. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(Objects.requireNonNull(dataSource, "dataSource"), null);
    }

    /**
     * Returns the SQL that makes the tables with their default names, for Flyway, Liquibase or an administrator. Use it with {@link
     * Migrate#VALIDATE}.
     */
    public static String migrations(Database database) {
        return migrations(database, null, Builder.PREFIX);
    }

    /**
     * Returns the SQL that makes the tables.
     *
     * @param schema the schema of the tables, or null for the one of the connection
     * @param tablePrefix the prefix of their names
     */
    public static String migrations(Database database, @Nullable String schema, String tablePrefix) {
        return new Migrations(database, new Tables(schema, tablePrefix)).text();
    }

    /**
     * Returns the transaction of a Jdbi handle. Calls on {@code ledger.in(unit)} join it; their events are emitted after its commit.
     *
     * @throws IllegalStateException if the handle is in no transaction
     */
    public UnitOfWork unit(Handle handle) {
        if (!handle.isInTransaction()) {
            throw new IllegalStateException(
                    "the handle is in no transaction: expected one inside useTransaction or begin");
        }
        Connection connection = handle.getConnection();
        return new HandleUnit(handle, joined(connection, () -> false), committed(connection), lookUp(connection));
    }

    /**
     * Returns the transaction of a plain connection. The application commits it, calls {@code committed} and closes the unit.
     *
     * @throws IllegalStateException if auto-commit is on, so that there is no transaction
     */
    public ConnectionUnit unit(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException("the connection commits by itself: expected auto-commit off");
            }
        } catch (SQLException gone) {
            throw SqlErrors.failedRead(CallName.of("unit"), gone);
        }
        AtomicBoolean closed = new AtomicBoolean();
        return new ConnectionUnit(joined(connection, closed::get), committed(connection), lookUp(connection), closed);
    }

    private RunStore joined(Connection connection, BooleanSupplier ended) {
        return own.on(new JoinedSession(connection, budget, ended));
    }

    private RunStore committed(Connection connection) {
        return own.on(new CommittedSession(connection, database, own.session(), budget));
    }

    private PendingEvents.LookUp lookUp(Connection connection) {
        return new StoredEvents(tables, database, own.session(), connection, budget)::stored;
    }

    /** Returns how many rows could not be read since the store was built: a newer version wrote them, or they were changed by hand. */
    public long unreadableRows() {
        return own.reader().unreadable();
    }

    @Override
    public <O extends CallOutcome> O apply(StoreCommand<O> command) {
        return grouped == null ? own.apply(command) : grouped.apply(command);
    }

    /**
     * Carries them out with one commit for up to 128 of them, if {@link Builder#groupCommit group commit} is on: by one statement on
     * PostgreSQL, in one transaction on SQLite.
     */
    @Override
    public <O extends CallOutcome> void applyAll(
            List<StoreCommand<O>> commands, BiConsumer<StoreCommand<O>, O> outcomes) {
        if (grouped == null) {
            own.applyAll(commands, outcomes);
        } else {
            grouped.applyAll(commands, outcomes);
        }
    }

    @Override
    public byte[] identityKey() {
        return own.identityKey();
    }

    @Override
    public RunHistory history() {
        return own.history();
    }

    @Override
    public Snapshot snapshot(Duration failedWithin) {
        return own.history().snapshot(failedWithin);
    }

    // ---- upkeep

    @Override
    public boolean lease(String job, String holder, Duration time) {
        return upkeep.leases().lease(job, holder, time);
    }

    @Override
    public void release(String job, String holder) {
        upkeep.leases().release(job, holder);
    }

    @Override
    public boolean heartbeat(String instance, Duration time) {
        return upkeep.leases().heartbeat(instance, time);
    }

    @Override
    public List<String> lostInstances() {
        return upkeep.leases().lostInstances();
    }

    @Override
    public void removeInstance(String instance) {
        upkeep.leases().removeInstance(instance);
    }

    @Override
    public int instances() {
        return upkeep.leases().instances();
    }

    @Override
    public List<Found> find(Kind kind, Duration age, Optional<RunId> after, int limit) {
        return upkeep.stranded().find(kind, age, after, limit);
    }

    @Override
    public List<WorkflowRun> runsOf(String instance, Optional<RunId> after, int limit) {
        return upkeep.stranded().runsOf(instance, after, limit);
    }

    @Override
    public boolean reportOverdue(RunId runId, long seq) {
        return upkeep.stranded().reportOverdue(runId, seq);
    }

    @Override
    public Expired expired(Rule rule, Optional<String> after, int limit) {
        return upkeep.ended().expired(rule, after, limit);
    }

    @Override
    public Removed remove(List<RunId> runs) {
        return upkeep.ended().remove(runs);
    }

    @Override
    public Removed erase(List<RunId> runs) {
        return upkeep.ended().erase(runs);
    }

    @Override
    public int removeRefusals(Duration age, int limit) {
        return upkeep.ended().removeRefusals(age, limit);
    }

    @Override
    public Set<String> referenced(Collection<String> references) {
        return upkeep.ended().referenced(references);
    }

    /** Closes the connections that the store opened; a data source stays as it is. */
    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }

    /** Lists what a store does about its tables when it is built. */
    public enum Migrate {
        /** Makes them and brings them to the newest version. Of many processes that start at once, one does it. */
        CREATE,
        /** Checks that they are there at the newest version, and makes the identity key if there is none. */
        VALIDATE,
        /** Does nothing; the identity key is read when it is needed first. */
        NONE
    }

    /** Builds a {@link JdbiRunStore}. Not thread-safe. */
    public static final class Builder {
        static final String PREFIX = "ledger_";

        private final @Nullable DataSource dataSource;
        private final @Nullable Path file;
        private @Nullable String schema;
        private String tablePrefix = PREFIX;
        private Migrate migrate = Migrate.CREATE;
        private InstantSource clock = InstantSource.system();
        private Duration queryTimeout = Duration.ofSeconds(5);
        private Duration callBudget = CallBudget.DEFAULT;
        private boolean groupCommit = true;

        private Builder(@Nullable DataSource dataSource, @Nullable Path file) {
            this.dataSource = dataSource;
            this.file = file;
        }

        /** Sets the schema of the tables on PostgreSQL: a-z, then up to 62 of a-z 0-9 _. Default: the one of the connection. */
        public Builder schema(String schema) {
            this.schema = Objects.requireNonNull(schema, "schema");
            return this;
        }

        /** Sets the prefix of the tables: a-z, up to 29 of a-z 0-9 _, and a _ at the end. Default: {@code ledger_}. */
        public Builder tablePrefix(String tablePrefix) {
            this.tablePrefix = Objects.requireNonNull(tablePrefix, "tablePrefix");
            return this;
        }

        /** Sets what to do about the tables. Default: {@link Migrate#CREATE}. */
        public Builder migrate(Migrate migrate) {
            this.migrate = Objects.requireNonNull(migrate, "migrate");
            return this;
        }

        /** Sets the clock for SQLite; PostgreSQL has its own. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets how long a page or a list may take on PostgreSQL, in whole seconds; then the driver cancels it on the server. One that is
         * not smaller than the call budget has no effect. SQLite ends no read. Default: 5 seconds.
         */
        public Builder queryTimeout(Duration queryTimeout) {
            this.queryTimeout = Objects.requireNonNull(queryTimeout, "queryTimeout");
            return this;
        }

        /**
         * Sets how long a call may take over all its attempts. It is made again after a lost connection, a lost race, a deadlock or a
         * change of the primary. When the time is over it throws, at most half a second later, and says how often and how long it was
         * tried. The wait for a connection counts, and only the pool can cut it short: its timeouts have to be smaller.
         *
         * <p>In a transaction of the application nothing is repeated, and each statement may take as long as this, in whole seconds.
         * Default: 5 seconds; at least 100 milliseconds.
         */
        public Builder callBudget(Duration callBudget) {
            this.callBudget = Objects.requireNonNull(callBudget, "callBudget");
            return this;
        }

        /**
         * Sets whether calls of several threads that come together share a commit, outside transactions of the application: on PostgreSQL
         * they are made by one statement, on SQLite in one transaction. Each has its own outcome, and a call that comes alone is made as
         * without it. Default: yes.
         */
        public Builder groupCommit(boolean groupCommit) {
            this.groupCommit = groupCommit;
            return this;
        }

        /**
         * Checks every setting, opens the database and does what is to be done about its tables.
         *
         * @throws IllegalArgumentException if a setting or the database does not fit; the message says which and what was expected
         * @throws IllegalStateException if the tables are not as expected, or if a setting would lose committed changes
         * @throws dev.runledger.store.StoreException if the database cannot be reached
         */
        public JdbiRunStore build() {
            Tables tables = new Tables(schema, tablePrefix);
            if (queryTimeout.toSeconds() < 1) {
                throw new IllegalArgumentException(
                        "queryTimeout is %s, expected a second or more".formatted(queryTimeout));
            }
            CallBudget budget = CallBudget.of(callBudget);
            return new StoreOpener(
                            tables, migrate, clock, Math.toIntExact(queryTimeout.toSeconds()), budget, groupCommit)
                    .open(dataSource, file);
        }
    }
}
