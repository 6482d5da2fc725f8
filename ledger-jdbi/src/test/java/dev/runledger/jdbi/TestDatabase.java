package dev.runledger.jdbi;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A new database behind a pool, as an application would have it.
 *
 * @param name the name in the report
 * @param database the kind of database
 * @param pool the connections of the application
 */
record TestDatabase(String name, Database database, HikariDataSource pool) implements AutoCloseable {
    /** Makes one of each database that this test run tries. */
    static List<TestDatabase> each() {
        List<TestDatabase> all = new ArrayList<>();
        all.add(sqlite());
        Servers.wanted().forEach(version -> all.add(postgres(version)));
        return all;
    }

    static TestDatabase postgres(String version) {
        return new TestDatabase(
                "PostgreSQL " + version,
                Database.POSTGRESQL,
                Servers.pool(Servers.of(version).newDatabase(), 10));
    }

    static TestDatabase sqlite() {
        try {
            SQLiteConfig config = new SQLiteConfig();
            config.setBusyTimeout(5_000);
            SQLiteDataSource file = new SQLiteDataSource(config);
            file.setUrl("jdbc:sqlite:" + Files.createTempDirectory("ledger-").resolve("runs.db"));
            return new TestDatabase("SQLite", Database.SQLITE, pool(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static HikariDataSource pool(DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    JdbiRunStore store() {
        return JdbiRunStore.on(pool);
    }

    @Override
    public void close() {
        pool.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
