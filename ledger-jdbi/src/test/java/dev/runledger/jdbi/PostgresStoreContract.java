package dev.runledger.jdbi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.RunStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on one version of PostgreSQL, in one database for all of its tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PostgresStoreContract extends RunStoreContract {
    private final String version;
    private HikariDataSource pool;

    PostgresStoreContract(String version) {
        this.version = version;
    }

    @BeforeAll
    void connect() {
        assumeTrue(Servers.isWanted(version), "PostgreSQL " + version + " is tried with -Pfaults");
        pool = Servers.pool(Servers.of(version).newDatabase(), 16);
    }

    @Override
    protected RunStore newStore() {
        return JdbiRunStore.on(pool);
    }

    @AfterAll
    void disconnect() {
        if (pool != null) {
            pool.close();
        }
    }
}
