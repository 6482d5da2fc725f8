package dev.runledger.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Servers;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * A store on an empty database of its own, behind a pool.
 *
 * @param url the database
 * @param pool the connections below the store's data source
 * @param store what is tested
 */
record TestStore(String url, HikariDataSource pool, JdbiRunStore store) implements AutoCloseable {
    static TestStore open(Database database, Path folder) {
        return open(database, folder, UnaryOperator.identity());
    }

    /** A store on the pool, seen through this data source. */
    static TestStore open(Database database, Path folder, UnaryOperator<DataSource> above) {
        String url = database == Database.POSTGRESQL
                ? Servers.newest().newDatabase()
                : "jdbc:sqlite:" + folder.resolve(UUID.randomUUID() + ".db");
        HikariDataSource pool = Servers.pool(url, 4);
        return new TestStore(url, pool, JdbiRunStore.on(above.apply(pool)));
    }

    /** The id of a run of this workflow that is RUNNING. */
    RunId running(String workflow) {
        RunId id = RunId.of(UUID.randomUUID().toString());
        store.dispatch(NewRun.of(workflow).id(id), null, null).orElseThrow();
        store.apply(Change.start(id, "w")).orElseThrow();
        return id;
    }

    /** The rows of this table. */
    long count(String table) {
        return Jdbi.create(pool)
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                        .mapTo(Long.class)
                        .one());
    }

    @Override
    public void close() {
        store.close();
        pool.close();
    }
}
