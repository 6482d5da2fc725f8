package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteConnectionsTest {
    @TempDir
    private Path folder;

    @Test
    void whatComesBackWhileTheStoreIsClosedIsClosed() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        for (int round = 0; round < 500; round++) {
            SqliteConnections connections = new SqliteConnections(folder.resolve("runs.db"));
            Connection lent = connections.openConnection();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
                await(together);
                connections.close();
            });
            await(together);
            connections.closeConnection(lent);
            closing.join();
            assertThat(lent.isClosed()).as("round %d", round).isTrue();
        }
    }

    @Test
    void theFileHasTheNameThatWasGiven() {
        try (JdbiRunStore ignored = JdbiRunStore.sqlite(folder.resolve("runs.db"))) {
            assertThat(folder).isDirectoryContaining("glob:**/runs.db");
        }
        assertThat(folder).isDirectoryNotContaining("glob:**[?=&]*");
    }

    @Test
    void aPathThatTheDriverWouldReadSettingsFromIsRefused() {
        assertThatThrownBy(() -> JdbiRunStore.sqlite(folder.resolve("runs.db?synchronous=OFF")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("runs.db?synchronous=OFF")
                .hasMessageContaining("expected a path without a question mark");
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}
