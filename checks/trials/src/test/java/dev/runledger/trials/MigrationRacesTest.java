package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Crowd;
import dev.runledger.faults.Rounds;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.jdbi.JdbiRunStore.Migrate;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables are made once, however many processes start at once, and unexpected tables are refused. */
class MigrationRacesTest {
    private static final int PROCESSES = 8;

    private final Crowd processes = new Crowd(PROCESSES);

    @TempDir
    private Path folder;

    @AfterEach
    void dismiss() {
        processes.close();
    }

    private static HikariDataSource pool(String url, String isolation) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        config.setTransactionIsolation(isolation);
        return new HikariDataSource(config);
    }

    private static List<String> column(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Starts eight stores at once, each with its own pool, as each process has. */
    private void eightProcessesStart(String url, String isolation) throws Exception {
        processes.atOnce(process -> {
            try (HikariDataSource pool = pool(url, isolation)) {
                JdbiRunStore store = JdbiRunStore.on(pool);
                RunId id = RunId.of("run-" + process + "-" + UUID.randomUUID());
                return Ledgers.dispatch(store, NewRun.of("review").id(id)).orElseThrow();
            }
        });
        assertThat(column(url, "SELECT version FROM ledger_schema_version")).containsExactly("1");
        assertThat(column(url, "SELECT id FROM ledger_run")).hasSize(PROCESSES);
        assertThat(column(url, "SELECT hex FROM ledger_identity_key"))
                .singleElement()
                .asString()
                .hasSize(64);
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void eightProcessesThatStartAtOnceMakeTheTablesOnce(Database database) throws Exception {
        int rounds = Rounds.of(12, 50);
        for (int round = 0; round < rounds; round++) {
            eightProcessesStart(TestStore.emptyDatabase(database, folder), null);
        }
        System.out.printf("migrations, %s: %d rounds of %d processes, 0 failures%n", database, rounds, PROCESSES);
    }

    @Test
    void eightProcessesWhosePoolsAskForSnapshotsMakeTheTablesOnce() throws Exception {
        for (int round = 0; round < Rounds.of(2, 20); round++) {
            eightProcessesStart(TestStore.emptyDatabase(Database.POSTGRESQL, folder), "TRANSACTION_REPEATABLE_READ");
            eightProcessesStart(TestStore.emptyDatabase(Database.POSTGRESQL, folder), "TRANSACTION_SERIALIZABLE");
        }
    }

    @Test
    void eightProcessesThatStartAtOnceOnAFileOfTheStoreMakeTheTablesOnce() throws Exception {
        for (int round = 0; round < Rounds.of(8, 50); round++) {
            Path file = folder.resolve(round + ".db");
            processes.atOnce(process -> {
                try (JdbiRunStore store = JdbiRunStore.sqlite(file)) {
                    return Ledgers.dispatch(store, NewRun.of("review").id(RunId.of("r" + process)))
                            .orElseThrow();
                }
            });
            assertThat(column("jdbc:sqlite:" + file, "SELECT version FROM ledger_schema_version"))
                    .containsExactly("1");
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void tablesOfANewerVersionAreRefusedAndLeftAlone(Database database) throws Exception {
        String url = TestStore.emptyDatabase(database, folder);
        try (HikariDataSource pool = pool(url, null)) {
            JdbiRunStore.on(pool);
            execute(url, "INSERT INTO ledger_schema_version (version, applied_at) VALUES (999, 'tomorrow')");
            for (Migrate migrate : List.of(Migrate.CREATE, Migrate.VALIDATE)) {
                assertThatIllegalStateException()
                        .isThrownBy(() ->
                                JdbiRunStore.builder(pool).migrate(migrate).build())
                        .withMessageContainingAll("999", "at most 1");
            }
            assertThat(column(url, "SELECT version FROM ledger_schema_version ORDER BY version"))
                    .containsExactly("1", "999");
            JdbiRunStore.builder(pool).migrate(Migrate.NONE).build();
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void anEmptyDatabaseIsNotValidAndWithMigrateNoneNothingIsTouched(Database database) throws Exception {
        String url = TestStore.emptyDatabase(database, folder);
        String tables = database == Database.POSTGRESQL
                ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                : "SELECT name FROM sqlite_master";
        try (HikariDataSource pool = pool(url, null)) {
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            JdbiRunStore.builder(pool).migrate(Migrate.VALIDATE).build())
                    .withMessageContainingAll("version 0", "expected 1");
            JdbiRunStore store =
                    JdbiRunStore.builder(pool).migrate(Migrate.NONE).build();
            Assertions.assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.history().page(RunQuery.all()))
                    .withMessageNotContainingAny("SELECT", "ledger_run");
            assertThat(column(url, tables)).isEmpty();
        }
    }

    /** Runs a script as a person would, or a tool that knows only where a statement ends: what follows is not indented. */
    private static void byHand(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String each : sql.split(";\\s*\n(?=\n|\\S|$)")) {
                if (!each.isBlank()) {
                    statement.execute(each);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void theSqlForAToolIsValid(Database database) throws Exception {
        String url = TestStore.emptyDatabase(database, folder);
        String schema = database == Database.POSTGRESQL ? "run_data" : null;
        byHand(url, JdbiRunStore.migrations(database, schema, "tool_"));
        byHand(url, JdbiRunStore.migrations(database));
        try (HikariDataSource pool = pool(url, null)) {
            for (String prefix : List.of("tool_", "ledger_")) {
                JdbiRunStore.Builder builder =
                        JdbiRunStore.builder(pool).tablePrefix(prefix).migrate(Migrate.VALIDATE);
                JdbiRunStore store =
                        (prefix.equals("tool_") && schema != null ? builder.schema(schema) : builder).build();
                Ledgers.dispatch(store, NewRun.of("review").id(RunId.of("r")).target("t"))
                        .orElseThrow();
                assertThat(store.history().run(RunId.of("r"))).isPresent();
            }
        }
    }

    @Test
    void storesWithOtherSchemasAndPrefixesShareADatabaseAndSeeNothingOfEachOther() throws Exception {
        String url = TestStore.emptyDatabase(Database.POSTGRESQL, folder);
        List<String> schemas = List.of("run_data", "a", "left", "x".repeat(63));
        List<String> prefixes = List.of("ledger_", "a_", "order_", "p" + "1".repeat(28) + "_");
        try (HikariDataSource pool = pool(url, null)) {
            processes.atOnce(
                    process -> { // a new schema is wanted by several at once, with other tables in it
                        JdbiRunStore store = JdbiRunStore.builder(pool)
                                .schema(schemas.get(process % 4))
                                .tablePrefix(prefixes.get((process + process / 4) % 4))
                                .build();
                        Ledgers.dispatch(store, NewRun.of("review").id(RunId.of("r")))
                                .orElseThrow();
                        assertThat(store.history().page(RunQuery.all()).runs()).hasSize(1);
                        return store.history().events(RunId.of("r"));
                    });
        }
        assertThat(column(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
                .isEmpty();
    }
}
