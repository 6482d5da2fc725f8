package dev.runledger.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurablePostgresTest {
    private static String ask(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Counts what was acknowledged until the server is gone. */
    private static Thread writer(String url, AtomicInteger acknowledged) {
        Thread thread = new Thread(() -> {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                while (true) {
                    statement.execute("INSERT INTO t DEFAULT VALUES");
                    acknowledged.incrementAndGet();
                }
            } catch (SQLException killed) {
                return;
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void whatWasAcknowledgedSurvivesTenKills() throws Exception {
        try (DurablePostgres postgres = DurablePostgres.start()) {
            String url = postgres.newDatabase();
            int port = postgres.port();
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (id serial PRIMARY KEY)");
            }
            AtomicInteger acknowledged = new AtomicInteger();
            for (int round = 0; round < 10; round++) {
                Thread[] writers = {writer(url, acknowledged), writer(url, acknowledged)};
                Thread.sleep(100 + 20 * round);
                postgres.kill();
                assertThatThrownBy(() -> ask(url, "SELECT 1")).isInstanceOf(SQLException.class);
                for (Thread writer : writers) {
                    writer.join();
                }
                postgres.restart();
                assertThat(postgres.port()).isEqualTo(port);
                assertThat(Integer.parseInt(ask(url, "SELECT count(*) FROM t")))
                        .isBetween(acknowledged.get(), acknowledged.get() + 2 * (round + 1));
            }
            assertThat(acknowledged.get()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"18.6.0", "14.22.0", "14"})
    void theVersionIsChosenByItsName(String version) throws Exception {
        try (DurablePostgres postgres = DurablePostgres.start(version)) {
            assertThat(ask(postgres.url(), "SHOW server_version")).startsWith(version.substring(0, 2));
            assertThat(ask(postgres.url(), "SHOW max_connections")).isEqualTo("200");
        }
    }

    @Test
    void aVersionThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> DurablePostgres.start("9.1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("No PostgreSQL '9.1' among");
    }

    @Test
    void aDeadServerCanBeClosedAndClosedAgain() {
        DurablePostgres postgres = DurablePostgres.start();
        assertThatThrownBy(postgres::restart).isInstanceOf(IllegalStateException.class);
        postgres.kill();
        postgres.kill();
        postgres.close();
        postgres.close();
        assertThatThrownBy(() -> postgres.dataSource().getConnection()).isInstanceOf(SQLException.class);
    }
}
