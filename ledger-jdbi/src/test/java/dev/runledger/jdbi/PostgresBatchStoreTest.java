package dev.runledger.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Servers;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.RunStoreContract;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Each call by the statement that is made for many: it stores what the statement for one does, or leaves the call to that. */
@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("dev.runledger.faults.Servers#wanted")
class PostgresBatchStoreTest extends RunStoreContract {
    /** A database for each server, since the other store's tests use the same targets in theirs. */
    private static final Map<String, HikariDataSource> POOLS = new ConcurrentHashMap<>();

    private final String version;

    PostgresBatchStoreTest(String version) {
        this.version = version;
    }

    @Override
    protected RunStore newStore() {
        return new BatchOfOneStore(
                POOLS.computeIfAbsent(version, of -> Servers.pool(Servers.of(of).newDatabase(), 10)));
    }

    @AfterAll
    static void closePools() {
        POOLS.values().forEach(HikariDataSource::close);
        POOLS.clear();
    }
}
