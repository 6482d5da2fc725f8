package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.faults.Servers;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.jdbi.JdbiRunStore.Migrate;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application whose role may do exactly what the manual grants. */
class RestrictedRoleTest {
    private static final Path MANUAL = Path.of("..", "..", "docs", "store.md");

    private final String role = "app_" + UUID.randomUUID().toString().replace("-", "");
    private String url;
    private HikariDataSource pool;

    @BeforeEach
    void grant() throws SQLException, IOException {
        url = Servers.newest().newDatabase();
        JdbiRunStore.on(StoreProfile.POSTGRESQL.plain(url));
        as("postgres", "CREATE ROLE " + role + " LOGIN");
        as("postgres", grantsOfTheManual().replace("app_role", role));
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.replace("user=postgres", "user=" + role));
        config.setMaximumPoolSize(4);
        pool = new HikariDataSource(config);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static String grantsOfTheManual() throws IOException {
        String text = Files.readString(MANUAL);
        int from = text.indexOf("GRANT ");
        assertThat(from).as("the manual has the grants").isPositive();
        return text.substring(from, text.indexOf("```", from));
    }

    private void as(String user, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.replace("user=postgres", "user=" + user));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Migrate.class,
            names = {"VALIDATE", "NONE"})
    void everyCallOfEveryLifeIsGranted(Migrate migrate) {
        JdbiRunStore store = JdbiRunStore.builder(pool).migrate(migrate).build();
        Acknowledged acknowledged = new Acknowledged();
        RunWriter.Witness witness = new RunWriter.Witness() {
            @Override
            public void acknowledged(String eventId, String state) {
                acknowledged.add(eventId, state);
            }

            @Override
            public boolean again(StoreException failed) {
                return false;
            }
        };
        try (Ledger ledger = Ledgers.silent(store)) {
            RunWriter writer = new RunWriter(ledger, 7, "run", witness);
            for (int i = 0; i < 20; i++) {
                writer.life();
            }
            for (CallKind kind : CallKind.values()) {
                kind.prepare(ledger, RunId.of("kind-" + kind));
                kind.call(ledger, RunId.of("kind-" + kind));
            }
        }
        StoredHistory stored = new StoredHistory(StoredRows.read(pool, "run")).comparedTo(store.history());
        assertThat(stored.faults()).isEmpty();
        assertThat(stored.eventIds()).isEqualTo(acknowledged.states().keySet());
    }

    @Test
    void aRoleThatOwnsItsSchemaAndMayMakeNoneMakesItsTables() throws SQLException {
        as("postgres", "CREATE SCHEMA " + role + " AUTHORIZATION " + role);
        JdbiRunStore.builder(pool).schema(role).build();
        JdbiRunStore store = JdbiRunStore.builder(pool).schema(role).build();
        assertThat(store.history().page(RunQuery.all()).runs()).isEmpty();
    }

    @Test
    void historyCannotBeChangedOrDeleted() {
        for (String forbidden : new String[] {
            "UPDATE ledger_event SET data = NULL",
            "DELETE FROM ledger_event",
            "TRUNCATE ledger_event",
            "DELETE FROM ledger_run",
            "DELETE FROM ledger_task",
            "DELETE FROM ledger_payload",
            "UPDATE ledger_ended SET state = 'SUCCEEDED'",
            "DELETE FROM ledger_ended",
            "UPDATE ledger_refusal SET data = ''",
            "DELETE FROM ledger_refusal",
            "UPDATE ledger_delivery SET run_id = ''",
            "UPDATE ledger_wait SET code = ''",
            "UPDATE ledger_schema_version SET version = 9",
            "UPDATE ledger_identity_key SET hex = ''",
            "DELETE FROM ledger_identity_key",
            "DROP TABLE ledger_event",
            "ALTER TABLE ledger_run ADD COLUMN x text"
        }) {
            assertThatThrownBy(() -> as(role, forbidden))
                    .as(forbidden)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            denied -> assertThat(denied.getSQLState()).isEqualTo("42501"));
        }
    }
}
