package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Servers;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.jdbi.JdbiRunStore.Migrate;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.state.RunState;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.RetentionStore;
import dev.runledger.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application, its operations and its retention, each with a role that may do exactly what the manual grants. */
class RestrictedRoleTest {
    private static final Path MANUAL = Path.of("..", "..", "docs", "store.md");
    private static final Pattern GRANTS = Pattern.compile("```sql\n(GRANT .*?)```", Pattern.DOTALL);

    private final String role = "app_" + UUID.randomUUID().toString().replace("-", "");
    private final String operations = role + "_operations";
    private final String retention = role + "_retention";
    private String url;
    private HikariDataSource pool;

    @BeforeEach
    void grant() throws SQLException, IOException {
        url = Servers.newest().newDatabase();
        JdbiRunStore.on(StoreProfile.POSTGRESQL.plain(url));
        for (String each : List.of(role, operations, retention)) {
            as("postgres", "CREATE ROLE " + each + " LOGIN");
        }
        as(
                "postgres",
                grantsOfTheManual()
                        .replace("app_role", role)
                        .replace("operations_role", operations)
                        .replace("retention_role", retention));
        pool = poolOf(role);
    }

    private HikariDataSource poolOf(String user) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.replace("user=postgres", "user=" + user));
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static String grantsOfTheManual() throws IOException {
        List<String> grants = GRANTS.matcher(Files.readString(MANUAL))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(grants).as("the grants of the manual").hasSize(3);
        return String.join("", grants);
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
    void everyCallOfOperationsIsGranted() {
        try (HikariDataSource own = poolOf(operations)) {
            JdbiRunStore store =
                    JdbiRunStore.builder(own).migrate(Migrate.VALIDATE).build();
            Duration hour = Duration.ofHours(1);
            assertThat(store.lease("sweep", "a", hour)).isTrue();
            store.release("sweep", "a");
            assertThat(store.heartbeat("i", hour)).isFalse();
            assertThat(store.heartbeat("i", hour)).isTrue();
            assertThat(store.lostInstances()).isEmpty();
            assertThat(store.instances()).isEqualTo(1);
            store.removeInstance("i");
            for (RecoveryStore.Kind kind : RecoveryStore.Kind.values()) {
                assertThat(store.find(kind, hour, Optional.empty(), 10)).isEmpty();
            }
            assertThat(store.runsOf("i", Optional.empty(), 10)).isEmpty();
            try (Ledger ledger = Ledgers.silent(store)) {
                RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
                ledger.start(id, "w").orElseThrow();
                Wait wait = Wait.of(Wait.Code.OTHER).until(Instant.EPOCH, Wait.OnDeadline.REPORT);
                assertThat(store.reportOverdue(
                                id, ledger.suspend(id, wait).orElseThrow().seq()))
                        .isTrue();
            }
            RetentionStore.Rule rule =
                    new RetentionStore.Rule(Optional.empty(), Set.of(), Set.of(RunState.FAILED), hour);
            assertThat(store.expired(rule, Optional.empty(), 10).chains()).isEmpty();
            assertThat(store.referenced(List.of("res://a"))).isEmpty();
        }
        for (String user : List.of(role, operations)) {
            for (String table : List.of("run", "event", "task", "payload", "ended", "refusal")) {
                assertThatItIsForbidden(user, "DELETE FROM ledger_" + table);
            }
        }
        assertThatItIsForbidden(role, "DELETE FROM ledger_instance");
        assertThatItIsForbidden(role, "INSERT INTO ledger_lease VALUES ('sweep', 'me', now())");
    }

    @Test
    void everyCallOfRetentionIsGranted() {
        try (HikariDataSource own = poolOf(retention)) {
            JdbiRunStore store =
                    JdbiRunStore.builder(own).migrate(Migrate.VALIDATE).build();
            try (Ledger ledger = Ledgers.silent(store)) {
                List<RunId> ended = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    NewRun run = NewRun.of("review")
                            .trigger(Trigger.of("push").deliveryId("d-" + i))
                            .oncePerDelivery(true);
                    RunId id = ledger.dispatch(run).orElseThrow().id();
                    ledger.start(id, "w").orElseThrow();
                    ledger.fail(id, Failure.of("x")).orElseThrow();
                    ended.add(id);
                }
                assertThat(store.remove(ended.subList(0, 1)).runs()).isEqualTo(1);
                assertThat(store.erase(ended.subList(1, 2)).runs()).isEqualTo(1);
                ledger.refuse(NewRun.of("review"), "not today");
                assertThat(store.removeRefusals(Duration.ZERO, 10)).isEqualTo(1);
            }
        }
        assertThatItIsForbidden(retention, "UPDATE ledger_event SET data = NULL");
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
            assertThatItIsForbidden(role, forbidden);
        }
    }

    private void assertThatItIsForbidden(String user, String sql) {
        assertThatThrownBy(() -> as(user, sql))
                .as(sql)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        denied -> assertThat(denied.getSQLState()).isEqualTo("42501"));
    }
}
