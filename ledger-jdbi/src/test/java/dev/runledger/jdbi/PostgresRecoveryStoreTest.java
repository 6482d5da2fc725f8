package dev.runledger.jdbi;

import dev.runledger.faults.Servers;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.RecoveryStoreContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("dev.runledger.faults.Servers#wanted")
class PostgresRecoveryStoreTest extends RecoveryStoreContract {
    private final String version;

    PostgresRecoveryStoreTest(String version) {
        this.version = version;
    }

    @Override
    protected RunStore newStore() {
        return JdbiRunStore.on(Servers.shared(version));
    }
}
