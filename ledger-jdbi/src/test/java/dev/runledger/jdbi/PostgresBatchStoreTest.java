package dev.runledger.jdbi;

import dev.runledger.faults.Servers;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.RunStoreContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Each call by the statement that is made for many: it stores what the statement for one does, or leaves the call to that. */
@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("dev.runledger.faults.Servers#wanted")
class PostgresBatchStoreTest extends RunStoreContract {
    private final String version;

    PostgresBatchStoreTest(String version) {
        this.version = version;
    }

    @Override
    protected RunStore newStore() {
        return new BatchOfOneStore(Servers.shared(version));
    }
}
