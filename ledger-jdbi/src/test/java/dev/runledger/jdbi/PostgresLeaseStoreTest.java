package dev.runledger.jdbi;

import dev.runledger.faults.Servers;
import dev.runledger.testkit.LeaseStoreContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("dev.runledger.faults.Servers#wanted")
class PostgresLeaseStoreTest extends LeaseStoreContract {
    private final String version;

    PostgresLeaseStoreTest(String version) {
        this.version = version;
    }

    @Override
    protected JdbiRunStore newStore() {
        return JdbiRunStore.on(Servers.shared(version));
    }
}
