package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.faults.Servers;
import dev.runledger.jdbi.JdbiRunStore.Migrate;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What is refused when a store is opened on PostgreSQL, since it would lose runs or mix them up. */
class OpeningTest {
    private final String url = Servers.newest().newDatabase();

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(String url, String from) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static DataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private DataSource inSchemas(String path) {
        return source(url + "&currentSchema=" + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII", "EUC_JP"})
    void aDatabaseThatCannotHoldEveryTextIsRefused(String encoding) throws SQLException {
        String name = "narrow_" + UUID.randomUUID().toString().replace("-", "");
        execute(url, "CREATE DATABASE %s ENCODING '%s' LOCALE 'C' TEMPLATE template0".formatted(name, encoding));
        DataSource narrow = source(url.replaceAll("/[^/?]+\\?", "/" + name + "?"));
        for (Migrate migrate : Migrate.values()) {
            assertThatThrownBy(
                            () -> JdbiRunStore.builder(narrow).migrate(migrate).build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "server_encoding is '%s', expected UTF8: the database cannot hold every text", encoding);
        }
    }

    @ParameterizedTest
    @EnumSource(Migrate.class)
    void tablesInAnotherSchemaThanTheConnectionsOwnAreRefused(Migrate migrate) throws SQLException {
        JdbiRunStore.on(source(url)); // makes them in public
        execute(url, "CREATE SCHEMA tenant_a");
        assertThatThrownBy(() -> JdbiRunStore.builder(inSchemas("tenant_a,public"))
                        .migrate(migrate)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("search_path is 'tenant_a,public'")
                .hasMessageContaining("the connection's own schema is 'tenant_a'")
                .hasMessageContaining("the tables of the ledger are in 'public'")
                .hasMessageContaining("builder.schema");
        assertThat(count(url, "pg_tables WHERE schemaname = 'tenant_a'")).isZero();
    }

    @Test
    void theSchemaThatIsMeantCanBeNamed() throws SQLException {
        JdbiRunStore.on(source(url));
        execute(url, "CREATE SCHEMA tenant_a");
        DataSource tenant = inSchemas("tenant_a,public");
        dispatch(JdbiRunStore.builder(tenant).schema("public").build());
        assertThat(count(url, "public.ledger_run")).isEqualTo(1);
        dispatch(JdbiRunStore.builder(tenant).schema("tenant_a").build());
        assertThat(count(url, "tenant_a.ledger_run")).isEqualTo(1);
        dispatch(JdbiRunStore.on(tenant)); // they are in its own schema now
        assertThat(count(url, "tenant_a.ledger_run")).isEqualTo(2);
        assertThat(count(url, "public.ledger_run")).isEqualTo(1);
    }

    @Test
    void twoTenantsWhoseTablesAreNotMadeYetShareNone() throws SQLException {
        execute(url, "CREATE SCHEMA tenant_a");
        execute(url, "CREATE SCHEMA tenant_b");
        dispatch(JdbiRunStore.on(inSchemas("tenant_a,public")));
        dispatch(JdbiRunStore.on(inSchemas("tenant_b,public")));
        assertThat(count(url, "tenant_a.ledger_run")).isEqualTo(1);
        assertThat(count(url, "tenant_b.ledger_run")).isEqualTo(1);
        assertThat(count(url, "pg_tables WHERE schemaname = 'public'")).isZero();
    }

    @Test
    void aPathWithoutASchemaThatIsThereIsRefused() {
        assertThatThrownBy(() -> JdbiRunStore.on(inSchemas("missing")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("search_path is 'missing', expected one with a schema that is there");
    }

    private static void dispatch(JdbiRunStore store) {
        store.apply(new StoreCommand.DispatchRun(
                        NewRun.of("review").id(RunId.of(UUID.randomUUID().toString())), Head.of()))
                .orElseThrow();
    }
}
