package dev.runledger.trials;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** A store in an empty database, and a way into its tables past the store. */
final class TestStore implements AutoCloseable {
    private static final List<String> TABLES = List.of(
            "ledger_run",
            "ledger_task",
            "ledger_event",
            "ledger_payload",
            "ledger_in_flight",
            "ledger_wait",
            "ledger_delivery",
            "ledger_ended",
            "ledger_refusal");

    private final String url;
    private final HikariDataSource pool;
    private final DataSource source;
    private final JdbiRunStore store;
    private final Ledger ledger;

    private TestStore(String url, int poolSize, UnaryOperator<DataSource> above) {
        this.url = url;
        this.pool = Servers.pool(url, poolSize);
        this.source = above.apply(pool);
        this.store = JdbiRunStore.on(source);
        this.ledger = Ledgers.silent(store);
    }

    static TestStore open(Database database, Path folder) {
        return open(database, folder, UnaryOperator.identity());
    }

    /** Opens a store on a pool of 16, seen through this data source. */
    static TestStore open(Database database, Path folder, UnaryOperator<DataSource> above) {
        return new TestStore(emptyDatabase(database, folder), 16, above);
    }

    /** Returns the URL of a new database. */
    static String emptyDatabase(Database database, Path folder) {
        return database == Database.POSTGRESQL
                ? Servers.newest().newDatabase()
                : "jdbc:sqlite:" + folder.resolve(UUID.randomUUID() + ".db");
    }

    JdbiRunStore store() {
        return store;
    }

    HikariDataSource pool() {
        return pool;
    }

    String url() {
        return url;
    }

    /** Returns a ledger on the store that emits nothing. */
    Ledger ledger() {
        return ledger;
    }

    /** Returns the id of a new run of this workflow that is RUNNING, without a target. */
    RunId running(String workflow) {
        RunId id = ledger().dispatch(NewRun.of(workflow)).orElseThrow().id();
        ledger().start(id, "w").orElseThrow();
        return id;
    }

    /** Executes a statement past the store; a {@code ?} for each value. */
    int execute(String sql, Object... values) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** Returns every row as texts, a null as {@code null}. */
    List<List<String>> rows(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            List<List<String>> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(row.getString(i)));
                }
                rows.add(columns);
            }
            return rows;
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    long count(String from) {
        return Long.parseLong(rows("SELECT count(*) FROM " + from).get(0).get(0));
    }

    /** Returns everything in the tables as text. */
    String dump() {
        StringBuilder all = new StringBuilder();
        TABLES.forEach(table ->
                rows("SELECT * FROM " + table).forEach(row -> all.append(row).append('\n')));
        return all.toString();
    }

    @Override
    public void close() {
        ledger.close();
        store.close();
        pool.close();
    }
}
