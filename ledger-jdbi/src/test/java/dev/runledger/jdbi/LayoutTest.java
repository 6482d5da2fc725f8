package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.jdbi.JdbiRunStore.Migrate;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that something else has changed are refused at opening, whatever the table of versions says. */
class LayoutTest {
    @TempDir
    private Path folder;

    /** What is done to the tables, and what the refusal says of it. */
    private static Map<String, String> harms(Database database) {
        Map<String, String> harms = new TreeMap<>(Map.of(
                "ALTER TABLE ledger_run RENAME COLUMN claim_token TO token",
                "the table \"ledger_run\" has no column claim_token",
                "ALTER TABLE ledger_task RENAME COLUMN execution TO run_execution",
                "the table \"ledger_task\" has no column execution",
                "DROP INDEX ledger_in_flight_guard",
                "the table \"ledger_in_flight\" has no valid unique index \"ledger_in_flight_guard\"",
                "DROP INDEX ledger_event_call",
                "the table \"ledger_event\" has no valid unique index \"ledger_event_call\"",
                "DROP TABLE ledger_delivery",
                "the table \"ledger_delivery\" is not there"));
        harms.putAll(
                database == Database.POSTGRESQL
                        ? Map.of(
                                "ALTER TABLE ledger_event DROP CONSTRAINT ledger_event_pkey",
                                "the table \"ledger_event\" has no valid primary key",
                                "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'ledger_in_flight_guard'::regclass",
                                "the table \"ledger_in_flight\" has no valid unique index \"ledger_in_flight_guard\"")
                        : Map.of("DROP TRIGGER ledger_run_ended", "the trigger \"ledger_run_ended\" is not there"));
        return harms;
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void whatElseChangedThemIsNamed(Database database) {
        harms(database).forEach((harm, refusal) -> {
            try (TestStore bench = TestStore.open(database, folder)) {
                assertThatCode(() -> open(bench, Migrate.VALIDATE)).doesNotThrowAnyException();
                Jdbi.create(bench.pool()).useHandle(handle -> handle.execute(harm));
                for (Migrate migrate : List.of(Migrate.VALIDATE, Migrate.CREATE)) {
                    assertThatThrownBy(() -> open(bench, migrate))
                            .as(harm)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage(refusal
                                    + ": expected the tables of the ledger as JdbiRunStore.migrations makes them;"
                                    + " something else changed them");
                }
            }
        });
    }

    private static void open(TestStore bench, Migrate migrate) {
        JdbiRunStore.builder(bench.pool()).migrate(migrate).build().close();
    }

    @Test
    void aNativeImageIsGivenTheMigrations() throws Exception {
        try (InputStream file = Migrations.class.getResourceAsStream(
                "/META-INF/native-image/dev.runledger/ledger-jdbi/resource-config.json")) {
            String pattern = new ObjectMapper()
                    .readTree(file)
                    .at("/resources/includes/0/pattern")
                    .asText();
            for (Database database : Database.values()) {
                assertThat("dev/runledger/jdbi/" + database.folder() + "/V1__ledger.sql")
                        .matches(pattern);
            }
        }
    }
}
