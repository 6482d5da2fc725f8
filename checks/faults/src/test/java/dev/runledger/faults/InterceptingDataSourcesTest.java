package dev.runledger.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(60)
class InterceptingDataSourcesTest {
    private static DurablePostgres postgres;
    private PGSimpleDataSource real;

    @BeforeAll
    static void startPostgres() {
        postgres = DurablePostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @BeforeEach
    void newTable() throws SQLException {
        real = new PGSimpleDataSource();
        real.setUrl(postgres.newDatabase());
        try (Connection connection = real.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
        }
    }

    private static HikariDataSource pool(DataSource below) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(below);
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    private static void insert(DataSource source, int id) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            insert.setInt(1, id);
            insert.executeUpdate();
        }
    }

    private List<Integer> rows() throws SQLException {
        List<Integer> rows = new ArrayList<>();
        try (Connection connection = real.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id FROM t ORDER BY id")) {
            while (row.next()) {
                rows.add(row.getInt(1));
            }
        }
        return rows;
    }

    @Test
    void countsExecutionsEndsOfTransactionsAndTexts() throws Exception {
        CountingDataSource counting = new CountingDataSource(real);
        insert(counting, 1);
        assertThat(counting.roundTrips()).isEqualTo(1);
        assertThat(counting.statements()).containsExactly("INSERT INTO t VALUES (?)");
        assertThat(counting.open()).isZero();

        counting.reset();
        Connection connection = counting.getConnection();
        assertThat(counting.open()).isEqualTo(1);
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)");
                Statement plain = connection.createStatement()) {
            for (int id : new int[] {2, 3}) {
                insert.setInt(1, id);
                insert.addBatch();
            }
            insert.executeBatch();
            plain.addBatch("DELETE FROM t WHERE id = 2");
            plain.addBatch("DELETE FROM t WHERE id = 3");
            plain.executeBatch();
            connection.commit();
            plain.execute("DELETE FROM t");
            assertThat(plain.getConnection()).isSameAs(connection);
            connection.rollback();
        }
        assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
        connection.close();
        connection.close();
        assertThat(counting.open()).isZero();
        assertThat(counting.executions()).isEqualTo(3);
        assertThat(counting.commits()).isEqualTo(1);
        assertThat(counting.rollbacks()).isEqualTo(1);
        assertThat(counting.roundTrips()).isEqualTo(5);
        assertThat(counting.statements())
                .containsExactly(
                        "INSERT INTO t VALUES (?)",
                        "DELETE FROM t WHERE id = 2",
                        "DELETE FROM t WHERE id = 3",
                        "DELETE FROM t");
    }

    @Test
    void aFailureOfTheDriverIsPassedOnAsItIs() throws Exception {
        CountingDataSource counting = new CountingDataSource(real);
        try (Connection connection = counting.getConnection();
                Statement statement = connection.createStatement()) {
            statement.addBatch("SELECT 1 / 0");
            assertThatThrownBy(statement::executeBatch).isInstanceOf(BatchUpdateException.class);
        }
    }

    @Test
    void anOrdinaryFaultComesBeforeTheExecutionAndIsSeeded() throws Exception {
        List<Integer> failed = new ArrayList<>();
        FaultyDataSource faulty = new FaultyDataSource(real, 7, 0.3, "40001", "40P01");
        for (int id = 0; id < 100; id++) {
            try {
                insert(faulty, id);
            } catch (SQLException fault) {
                assertThat(fault.getSQLState()).isIn("40001", "40P01");
                failed.add(id);
            }
        }
        assertThat(faulty.faults()).isEqualTo(failed.size()).isBetween(15L, 45L);
        assertThat(rows()).doesNotContainAnyElementsOf(failed).hasSize(100 - failed.size());
    }

    @Test
    void aFaultOfTheConnectionLeavesTheOutcomeInDoubtAboveAPoolAndBelow() throws Exception {
        try (HikariDataSource pool = pool(real)) {
            assertInDoubt(new FaultyDataSource(pool, 7, 0.2, "08006"), 0);
        }
        FaultyDataSource below = new FaultyDataSource(real, 7, 0.2, "08006");
        try (HikariDataSource pool = pool(below)) {
            assertInDoubt(pool, 1000);
            assertThat(below.faults()).isBetween(10L, 35L);
        }
    }

    private void assertInDoubt(DataSource source, int first) throws SQLException {
        List<Integer> failed = new ArrayList<>();
        for (int id = first; id < first + 100; id++) {
            try {
                insert(source, id);
            } catch (SQLException fault) {
                assertThat(fault.getSQLState()).isEqualTo("08006");
                failed.add(id);
            }
        }
        List<Integer> done = new ArrayList<>(failed);
        done.retainAll(rows());
        assertThat(done).isNotEmpty().hasSizeLessThan(failed.size());
    }

    @Test
    void theStatementIsParkedBeforeItIsExecuted() throws Exception {
        ParkingDataSource parking = new ParkingDataSource(real);
        ParkingDataSource.Parked parked = parking.park(sql -> sql.startsWith("INSERT"));
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            try {
                insert(parking, 1);
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        });
        parked.awaitArrival(Duration.ofSeconds(5));
        insert(parking, 2); // only the first is parked
        assertThat(rows()).containsExactly(2);
        parked.release();
        first.join();
        assertThat(rows()).containsExactly(1, 2);
        assertThatThrownBy(() -> parking.park(sql -> false).awaitArrival(Duration.ofMillis(10)))
                .isInstanceOf(IllegalStateException.class);
    }
}
