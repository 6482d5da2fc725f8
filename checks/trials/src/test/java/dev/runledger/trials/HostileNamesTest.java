package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.faults.CountingDataSource;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand.Head;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The names of the schema and the tables are the only texts of a configuration that get into a statement. */
class HostileNamesTest {
    private static final int MANY = 500;

    private static final List<String> RESERVED =
            List.of("select", "table", "user", "where", "all", "null", "order", "true", "with", "current_user");

    /** Texts to be put into an otherwise good name. */
    private static final List<String> HOSTILE = List.of(
            "\"",
            "'",
            "`",
            ";",
            "--",
            "/*",
            "*/",
            "\\",
            "\u0000",
            "\n",
            "\r",
            "\t",
            " ",
            ".",
            "$",
            "${run}",
            ":id",
            "?",
            "%",
            "A",
            "-",
            "\u0430",
            "\u00A0",
            "\u200B",
            "\u202E",
            "\u212A",
            "\u017F",
            "\uFF3F",
            "\uFF02",
            "\u2019",
            "\u0131",
            "\uD800",
            "\uD83D\uDE80",
            "\"; DROP TABLE ledger_run; --",
            "' OR '1'='1",
            "\") CASCADE; SELECT pg_sleep(9); --");

    @TempDir
    private Path folder;

    /** Returns distinct names, the same ones for the same seed; most are a good name with something in it. */
    private static Set<String> names(long seed, String end) {
        Random random = new Random(seed);
        Set<String> names = new LinkedHashSet<>(List.of("", " ", end.isEmpty() ? "_" : "", "1" + end, "_a" + end));
        HOSTILE.forEach(each -> names.add(each + end));
        if (end.isEmpty()) {
            names.addAll(RESERVED);
            names.add("pg_catalog");
        }
        names.add("pg_x" + end);
        names.add("sqlite_x" + end);
        for (int length = 64; names.size() < 120; length++) {
            names.add("a".repeat(length) + end);
        }
        while (names.size() < MANY) {
            String hostile = HOSTILE.get(random.nextInt(HOSTILE.size()));
            int at = random.nextInt(8);
            String name = "ledger_".repeat(2).substring(0, 8 + random.nextInt(6));
            names.add(name.substring(0, at) + hostile + name.substring(at) + random.nextInt(100) + end);
        }
        return names;
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aHostileNameIsRefusedBeforeAnyConnectionIsOpened(Database database) {
        long seed = Long.getLong("ledger.seed", 20260301L);
        Set<String> schemas = names(seed, "");
        Set<String> prefixes = names(seed, "_");
        try (TestStore bench = TestStore.open(database, folder)) {
            CountingDataSource counting = new CountingDataSource(bench.pool());
            schemas.forEach(name ->
                    assertRefused("schema", JdbiRunStore.builder(counting).schema(name)));
            prefixes.forEach(name ->
                    assertRefused("tablePrefix", JdbiRunStore.builder(counting).tablePrefix(name)));
            for (String name : schemas) {
                assertThatThrownBy(() -> JdbiRunStore.migrations(database, name, "ledger_"))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(counting.connections()).isZero();
            assertThat(counting.statements()).isEmpty();
        }
        assertThat(schemas).hasSize(MANY);
        assertThat(prefixes).hasSize(MANY);
        System.out.printf(
                "names, %s: seed %d, %d schemas and %d prefixes refused, 0 connections opened%n",
                database, seed, schemas.size(), prefixes.size());
    }

    private static void assertRefused(String setting, JdbiRunStore.Builder builder) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(setting + " is '")
                .satisfies(refused -> assertThat(refused.getMessage().chars())
                        .as("fit for a log line")
                        .allMatch(c -> c >= ' ' && c < 0x7F));
    }

    @ParameterizedTest
    @CsvSource({
        "POSTGRESQL, ledger, ledger_",
        "POSTGRESQL, a, a_",
        "POSTGRESQL, s23456789012345678901234567890123456789012345678901234567890123, p23456789012345678901234567890_",
        "POSTGRESQL, name, order_",
        "POSTGRESQL, , select_",
        "SQLITE, , index_",
        "SQLITE, , p23456789012345678901234567890_"
    })
    void aGoodNameIsUsedInQuotes(Database database, String schema, String prefix) {
        try (TestStore bench = TestStore.open(database, folder)) {
            CountingDataSource counting = new CountingDataSource(bench.pool());
            JdbiRunStore.Builder builder = JdbiRunStore.builder(counting).tablePrefix(prefix);
            JdbiRunStore store = (schema == null ? builder : builder.schema(schema)).build();
            RunId id = RunId.of("r-1");
            Ledgers.dispatch(store, NewRun.of("review").id(id)).orElseThrow();
            store.apply(new RunChange.Start(id, "w", Head.of())).orElseThrow();
            store.apply(new RunChange.Succeed(id, Head.of())).orElseThrow();
            assertThat(store.history().events(id)).hasSize(3);
            assertThat(store.history().page(RunQuery.all()).runs()).hasSize(1);
            assertThat(bench.count("ledger_run")).as("the other tables").isZero();
            String table = (schema == null ? "" : '"' + schema + "\".") + '"' + prefix + "run\"";
            assertThat(counting.statements())
                    .filteredOn(sql -> sql.contains(prefix + "run\""))
                    .isNotEmpty()
                    .allMatch(sql -> sql.contains(table) || sql.startsWith("CREATE"));
        }
    }
}
