package com.example.imports;

import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.testkit.OperationsContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** What the operations of the service see: a process that is lost, and a deadline that passes. */
class UpkeepTest extends OperationsContract {
    private JdbiRunStore store;
    private Ledger ledger;
    private Upkeep upkeep;

    @BeforeEach
    void start(@TempDir Path folder) {
        store = JdbiRunStore.on(Databases.in(folder, SynchronousMode.NORMAL));
        ledger = Ledger.builder().store(store).sink(Slf4jSink.jsonMessage()).build();
        upkeep = Upkeep.start(ledger, Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        upkeep.close();
        ledger.close();
        store.close();
    }

    @Override
    protected Ledger ledger() {
        return ledger;
    }

    /** A sweep comes every second. */
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(5);
    }
}
