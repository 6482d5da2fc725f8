package dev.runledger.jdbi;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunChange;
import dev.runledger.history.RunHistory;
import dev.runledger.store.RunStore;
import dev.runledger.store.TaskChange;
import dev.runledger.store.RunStore.UnitOfWork;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps runs in PostgreSQL or in a SQLite file. What a call has answered is committed: on PostgreSQL by one statement, on SQLite by
 * one immediate transaction at {@code synchronous=FULL}.
 *
 * <p>A call that loses its connection is made again, three times in all, and finds what it had stored; where that does not help, a
 * {@link dev.runledger.store.StoreException} says whether it is known what became of it. Times are the database's on PostgreSQL and
 * the host's on SQLite.
 *
 * <p>Thread-safe. Closes only what it opened: the connections to a file that was given as a path. The drivers are the host's to
 * bring: {@code org.postgresql:postgresql} or {@code org.xerial:sqlite-jdbc}.
 */
public final class JdbiRunStore implements RunStore, AutoCloseable {
    private final RunStore own;
    private final Session session;
    private final Writer writer;
    private final Reader reader;
    private final Tables tables;
    private final Dialect dialect;
    private final @Nullable SqliteConnections opened;

    JdbiRunStore(
            Session session,
            Writer writer,
            Reader reader,
            Tables tables,
            Dialect dialect,
            @Nullable SqliteConnections opened) {
        this.session = session;
        this.writer = writer;
        this.reader = reader;
        this.tables = tables;
        this.dialect = dialect;
        this.opened = opened;
        this.own = new SessionStore(session, writer, reader);
    }

    /**
     * The runs in this SQLite file, which is made where it is not there. The store opens its connections and is to be closed.
     *
     * @throws IllegalArgumentException if its path has a question mark
     * @throws IllegalStateException if the tables are a newer version's
     * @throws dev.runledger.store.StoreException if the file cannot be opened
     */
    public static JdbiRunStore sqlite(Path file) {
        return builder(file).build();
    }

    /**
     * The runs in the database behind this data source, PostgreSQL or SQLite, whose tables are made where they are not there.
     *
     * @throws IllegalArgumentException if it is another database, or an older one than is supported
     * @throws IllegalStateException if the tables are a newer version's, or a setting would lose what was acknowledged
     */
    public static JdbiRunStore on(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * Starts with a SQLite file and every default.
     *
     * @throws IllegalArgumentException if its path has a question mark
     */
    public static Builder builder(Path file) {
        if (file.toString().indexOf('?') >= 0) { // the driver takes what comes after it for settings
            throw new IllegalArgumentException(
                    "the file is '%s', expected a path without a question mark".formatted(file));
        }
        return new Builder(null, file);
    }

    /** Starts with a data source and every default. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(Objects.requireNonNull(dataSource, "dataSource"), null);
    }

    /** The SQL of the tables with their default names, for Flyway, Liquibase or a person; use it with {@link Migrate#VALIDATE}. */
    public static String migrations(Database database) {
        return migrations(database, null, Builder.PREFIX);
    }

    /** The SQL of the tables in this schema, or null for the connection's, and with this prefix. */
    public static String migrations(Database database, @Nullable String schema, String tablePrefix) {
        return new Migrations(database, new Tables(schema, tablePrefix)).text();
    }

    /**
     * The transaction of a Jdbi handle: calls on {@code ledger.in(unit)} join it, and are told after it is committed.
     *
     * @throws IllegalStateException if the handle is in no transaction
     */
    public UnitOfWork unit(Handle handle) {
        if (!handle.isInTransaction()) {
            throw new IllegalStateException(
                    "the handle is in no transaction: expected one inside useTransaction or begin");
        }
        Connection connection = handle.getConnection();
        return new HandleUnit(handle, joined(connection), lookUp(connection));
    }

    /**
     * The transaction of a plain connection, which the host commits, says so, and closes the unit.
     *
     * @throws IllegalStateException if auto-commit is on, so that there is no transaction
     */
    public ConnectionUnit unit(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException("the connection commits by itself: expected auto-commit off");
            }
        } catch (SQLException gone) {
            throw Faults.unread(new Session.Call("unit", ""), gone);
        }
        return new ConnectionUnit(joined(connection), lookUp(connection));
    }

    private RunStore joined(Connection connection) {
        return new SessionStore(new JoinedSession(connection), writer, reader);
    }

    private PendingEvents.LookUp lookUp(Connection connection) {
        return new StoredEvents(tables, dialect, session, connection)::stored;
    }

    /** How many rows could not be read since the store was built: a newer version's, or changed by hand. */
    public long unreadableRows() {
        return reader.unreadable();
    }

    @Override
    public Dispatch dispatch(NewRun run, @Nullable String transitionId, @Nullable EventFields extra) {
        return own.dispatch(run, transitionId, extra);
    }

    @Override
    public Transition apply(Change change) {
        return own.apply(change);
    }

    @Override
    public Transition claim(RunId runId, String worker) {
        return own.claim(runId, worker);
    }

    @Override
    public TaskTransition apply(TaskChange change) {
        return own.apply(change);
    }

    @Override
    public void refused(LedgerEvent event) {
        own.refused(event);
    }

    @Override
    public boolean importRun(WorkflowRun finished) {
        return own.importRun(finished);
    }

    @Override
    public RunHistory history() {
        return own.history();
    }

    /** Closes the connections that the store opened; a data source stays as it is. */
    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }

    /** What is done about the tables when a store is built. */
    public enum Migrate {
        /** They are made and brought to the newest version, by one host of many. */
        CREATE,
        /** They have to be there at the newest version. */
        VALIDATE,
        /** Nothing is looked at. */
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

        private Builder(@Nullable DataSource dataSource, @Nullable Path file) {
            this.dataSource = dataSource;
            this.file = file;
        }

        /** The schema of PostgreSQL that the tables are in: a-z, then up to 62 of a-z 0-9 _. Default: the connection's. */
        public Builder schema(String schema) {
            this.schema = Objects.requireNonNull(schema, "schema");
            return this;
        }

        /** What the tables' names begin with: a-z, up to 29 of a-z 0-9 _, and a _ at the end. Default: {@code ledger_}. */
        public Builder tablePrefix(String tablePrefix) {
            this.tablePrefix = Objects.requireNonNull(tablePrefix, "tablePrefix");
            return this;
        }

        /** What is done about the tables. Default: {@link Migrate#CREATE}. */
        public Builder migrate(Migrate migrate) {
            this.migrate = Objects.requireNonNull(migrate, "migrate");
            return this;
        }

        /** What time it is, for SQLite; PostgreSQL asks its own clock. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * How long a page or a list may take on PostgreSQL, in whole seconds; SQLite's driver takes it for how long a read waits for
         * the file, and ends none. Default: 5 seconds.
         */
        public Builder queryTimeout(Duration queryTimeout) {
            this.queryTimeout = Objects.requireNonNull(queryTimeout, "queryTimeout");
            return this;
        }

        /**
         * Checks every setting, then opens the database and sees to its tables.
         *
         * @throws IllegalArgumentException if a setting or the database does not fit; it names which and what was expected
         * @throws IllegalStateException if the tables are not as expected, or a setting would lose what was acknowledged
         * @throws dev.runledger.store.StoreException if the database cannot be reached
         */
        public JdbiRunStore build() {
            Tables tables = new Tables(schema, tablePrefix);
            if (queryTimeout.toSeconds() < 1) {
                throw new IllegalArgumentException(
                        "queryTimeout is %s, expected a second or more".formatted(queryTimeout));
            }
            return new Opening(tables, migrate, clock, Math.toIntExact(queryTimeout.toSeconds()))
                    .open(dataSource, file);
        }
    }
}
