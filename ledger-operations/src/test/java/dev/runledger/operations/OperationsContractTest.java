package dev.runledger.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.OperationsContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract of an application, kept by one that starts its operations. */
class OperationsContractTest extends OperationsContract {
    private final Ledger ledger =
            Ledger.builder().store(RunStore.inMemory()).queue(run -> {}).build();
    private final Operations operations =
            Operations.builder(ledger).sweepEvery(Duration.ofSeconds(1)).build();

    @BeforeEach
    void start() {
        assertThat(operations.start()).isSameAs(operations);
    }

    @AfterEach
    void close() {
        operations.close();
        ledger.close();
    }

    @Override
    protected Ledger ledger() {
        return ledger;
    }
}
