package dev.runledger.jdbi;

import dev.runledger.testkit.LeaseStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteLeaseStoreTest extends LeaseStoreContract {
    @TempDir
    private Path folder;

    private JdbiRunStore opened;

    @Override
    protected JdbiRunStore newStore() {
        opened = JdbiRunStore.sqlite(folder.resolve("runs.db"));
        return opened;
    }

    @AfterEach
    void closeStore() {
        opened.close();
    }
}
