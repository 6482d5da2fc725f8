package dev.runledger.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Servers;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * A store on an empty database, behind a pool.
 *
 * @param url the database
 * @param pool the connections below the data source of the store
 * @param store the store under test
 */
record TestStore(String url, HikariDataSource pool, JdbiRunStore store) implements AutoCloseable {
    static TestStore open(Database database, Path folder) {
        return open(database, folder, UnaryOperator.identity());
    }

    /** Opens a store on the pool, seen through this data source. */
    static TestStore open(Database database, Path folder, UnaryOperator<DataSource> above) {
        String url = database == Database.POSTGRESQL
                ? Servers.newest().newDatabase()
                : "jdbc:sqlite:" + folder.resolve(UUID.randomUUID() + ".db");
        HikariDataSource pool = Servers.pool(url, 4);
        return new TestStore(url, pool, JdbiRunStore.on(above.apply(pool)));
    }

    /** Returns the id of a new run of this workflow that is RUNNING. */
    RunId running(String workflow) {
        RunId id = RunId.of(UUID.randomUUID().toString());
        store.apply(new StoreCommand.DispatchRun(NewRun.of(workflow).id(id), Head.of()))
                .orElseThrow();
        store.apply(new RunChange.Start(id, "w", Head.of())).orElseThrow();
        return id;
    }

    /** Counts the rows of this table. */
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
