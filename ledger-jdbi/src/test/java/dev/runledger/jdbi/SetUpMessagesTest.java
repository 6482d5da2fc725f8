package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.history.RunQuery;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a set-up is said with the path or the value, and with what was expected. */
class SetUpMessagesTest {
    @TempDir
    private Path folder;

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("missing").resolve("runs.db");
        assertThatThrownBy(() -> JdbiRunStore.sqlite(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the file is %s, and its folder does not exist: expected a folder that is there", file);
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> JdbiRunStore.sqlite(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the file is %s, which is a folder: expected a file", folder);
    }

    @Test
    void aFileThatIsNoDatabaseIsNamed() throws Exception {
        Path file = Files.writeString(
                folder.resolve("notes.txt"), "no database at all, but a text of some length".repeat(50));
        assertThatThrownBy(() -> JdbiRunStore.sqlite(file))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "opening the store of file %s: the database gave error 26: its file is no SQLite database",
                        file);
        assertThat(file).content().startsWith("no database at all");
    }

    @Test
    void anEmptyPoolIsNamed() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + folder.resolve("runs.db"));
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbiRunStore store = JdbiRunStore.builder(pool)
                    .callBudget(Duration.ofMillis(250))
                    .build();
            try (Connection taken = pool.getConnection()) {
                assertThatThrownBy(() -> store.history().state(RunId.of("r-1")))
                        .isInstanceOf(StoreException.class)
                        .message()
                        .matches(
                                "state of r-1: the data source gave no connection in time: all of them may be in use, or the database may be away; 1 attempt in \\d+\\.\\d s");
                assertThat(taken.isClosed()).isFalse();
            }
        }
    }

    @Test
    void aUnitOfAnotherStoreIsRefusedAndNothingIsWritten() {
        try (JdbiRunStore one = JdbiRunStore.sqlite(folder.resolve("one.db"));
                Ledger other = Ledger.builder()
                        .store(RunStore.inMemory())
                        .sink(event -> {})
                        .build()) {
            Jdbi jdbi = Jdbi.create("jdbc:sqlite:" + folder.resolve("one.db"));
            jdbi.useTransaction(handle -> assertThatThrownBy(
                            () -> other.in(one.unit(handle)).dispatch(NewRun.of("review")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("was made by another store"));
            assertThat(one.history().page(RunQuery.builder().build()).runs()).isEmpty();
        }
    }
}
