package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.JdbiRunStore;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** Embedded databases without any setting, and with settings that would lose runs, which are refused by name. */
class EmbeddedProfilesTest {
    private static final int STARTS = 20;

    @TempDir
    private Path folder;

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("runs.db");
    }

    private DataSource sqlite(SynchronousMode synchronous) {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(synchronous);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl(url());
        return source;
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "POSTGRESQL")
    void aFileWithoutAnySettingKeepsWhatAKilledProcessAcknowledged(StoreProfile profile) {
        KilledHosts.kill(profile, url(), Rounds.of(3, 100));
    }

    @Test
    void synchronousOffIsRefusedByItsNameAtEveryStart() {
        for (int start = 0; start < STARTS; start++) {
            if (start == STARTS / 2) {
                JdbiRunStore.sqlite(folder.resolve("runs.db")).close(); // from now on the tables are there
            }
            assertRefused(sqlite(SynchronousMode.OFF));
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setConnectionInitSql("PRAGMA synchronous = OFF");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertRefused(pool);
        }
        System.out.printf("synchronous=OFF: %d starts, %d refused%n", STARTS + 1, STARTS + 1);
    }

    private static void assertRefused(DataSource source) {
        assertThatThrownBy(() -> JdbiRunStore.on(source))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("synchronous is OFF");
    }

    @Test
    void synchronousFullAndNormalAreTaken() {
        for (SynchronousMode taken : new SynchronousMode[] {SynchronousMode.FULL, SynchronousMode.NORMAL}) {
            assertThat(JdbiRunStore.on(sqlite(taken)).history()).isNotNull();
        }
        SQLiteDataSource plain = new SQLiteDataSource();
        plain.setUrl(url());
        assertThat(Backends.ask(plain, "PRAGMA synchronous"))
                .as("the driver's default")
                .isEqualTo("2");
    }

    @Test
    void aDatabaseInMemoryIsRefusedByItsJournal() {
        for (String name : new String[] {":memory:", "", "file:shared?mode=memory&cache=shared"}) {
            SQLiteDataSource memory = new SQLiteDataSource();
            memory.setUrl("jdbc:sqlite:" + name);
            assertThatThrownBy(() -> JdbiRunStore.on(memory))
                    .as("'%s'", name)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("journal_mode");
        }
    }

    @Test
    void h2IsRefusedByItsName() {
        JdbcDataSource h2 = new JdbcDataSource();
        for (String url : new String[] {"jdbc:h2:mem:runs", "jdbc:h2:" + folder.resolve("runs")}) {
            h2.setURL(url);
            assertThatThrownBy(() -> JdbiRunStore.on(h2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("H2")
                    .hasMessageContaining("expected PostgreSQL or SQLite");
        }
    }
}
