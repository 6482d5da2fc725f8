package dev.runledger.jdbi;

import dev.runledger.store.RunStore;
import dev.runledger.testkit.RetentionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteRetentionStoreTest extends RetentionStoreContract {
    @TempDir
    private Path folder;

    private JdbiRunStore opened;

    @Override
    protected RunStore newStore() {
        opened = JdbiRunStore.sqlite(folder.resolve("runs.db"));
        return opened;
    }

    @AfterEach
    void closeStore() {
        opened.close();
    }
}
