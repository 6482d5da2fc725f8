package dev.runledger.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpProxyTest {
    private static DurablePostgres postgres;
    private String direct;
    private String url;
    private TcpProxy proxy;

    @BeforeAll
    static void startPostgres() {
        postgres = DurablePostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @BeforeEach
    void startProxy() throws SQLException {
        proxy = new TcpProxy("127.0.0.1", postgres.port());
        direct = postgres.newDatabase();
        url = direct.replace(":" + postgres.port() + "/", ":" + proxy.port() + "/") + "&socketTimeout=2";
        try (Connection connection = DriverManager.getConnection(direct)) {
            run(connection, "CREATE TABLE t (id int PRIMARY KEY, text text)");
        }
    }

    @AfterEach
    void stopProxy() {
        proxy.close();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(direct);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void assertConnectionLost(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        lost -> assertThat(lost.getSQLState()).startsWith("08"));
    }

    private void awaitConnections(int expected) throws InterruptedException {
        for (int i = 0; i < 200 && proxy.connections() != expected; i++) {
            Thread.sleep(10);
        }
        assertThat(proxy.connections()).isEqualTo(expected);
    }

    @Test
    void passesWhateverTheSizeAndCountsReplies() throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            assertThat(proxy.connections()).isEqualTo(1);
            long before = proxy.replies();
            String large = "x".repeat(3_000_000);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (1, ?) RETURNING text")) {
                insert.setString(1, large);
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo(large);
                }
            }
            assertThat(proxy.replies() - before).isEqualTo(1);
        }
        awaitConnections(0);
    }

    @Test
    void delayIsAddedOnceARoundTrip() throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            proxy.delay(Duration.ofMillis(200));
            long start = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                run(connection, "INSERT INTO t VALUES (" + i + ")");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(1000), Duration.ofMillis(1500));
        }
    }

    @Test
    void aBlackHoleSwallowsUntilItPassesAgain() throws Exception {
        Connection connection = DriverManager.getConnection(url);
        proxy.blackHole();
        assertConnectionLost(() -> run(connection, "INSERT INTO t VALUES (1)"));
        assertThat(rows()).isZero();
        proxy.pass(); // what was on the way arrives
        awaitConnections(0);
        for (int i = 0; i < 200 && rows() == 0; i++) {
            Thread.sleep(10);
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aResetInABlackHoleLosesWhatWasOnTheWay() throws Exception {
        Connection connection = DriverManager.getConnection(url);
        proxy.blackHole();
        assertConnectionLost(() -> run(connection, "INSERT INTO t VALUES (1)"));
        proxy.reset();
        proxy.pass();
        awaitConnections(0);
        Thread.sleep(100);
        assertThat(rows()).isZero();
    }

    @Test
    void resetEndsLiveConnectionsAndTakesNewOnes() throws Exception {
        Connection connection = DriverManager.getConnection(url);
        proxy.reset();
        assertConnectionLost(() -> run(connection, "SELECT 1"));
        try (Connection next = DriverManager.getConnection(url)) {
            run(next, "SELECT 1");
        }
    }

    @Test
    void cutsInTheMiddleOfAReply() throws Exception {
        Connection connection = DriverManager.getConnection(url);
        proxy.cutAfter(100_000);
        assertConnectionLost(() -> run(connection, "SELECT repeat('x', 1000000)"));
        assertThat(proxy.cuts()).isEqualTo(1);
    }

    @Test
    void theReplyOfAnAutoCommittedInsertIsLostButNotTheRow() throws Exception {
        for (int i = 0; i < 50; i++) {
            int id = i;
            Connection connection = DriverManager.getConnection(url);
            proxy.dropNextReply();
            assertThat(connection.isValid(1)).as("a ping is no command").isTrue();
            assertConnectionLost(() -> run(connection, "INSERT INTO t VALUES (" + id + ")"));
            assertThat(rows()).isEqualTo(i + 1);
            assertThat(proxy.cuts()).isEqualTo(i + 1);
        }
    }

    @Test
    void onlyTheReplyToTheCommitIsLost() throws Exception {
        for (int i = 0; i < 20; i++) {
            Connection connection = DriverManager.getConnection(url);
            proxy.dropCommitReply();
            run(connection, "UPDATE t SET text = 'passes'");
            connection.setAutoCommit(false);
            run(connection, "INSERT INTO t VALUES (" + i + ")");
            assertThat(rows()).isEqualTo(i);
            assertConnectionLost(connection::commit);
            assertThat(rows()).isEqualTo(i + 1);
        }
    }

    @Test
    void aReplyIsChosenByItsTag() throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            proxy.dropReplyOf(tag -> tag.equals("DELETE 1"));
            run(connection, "INSERT INTO t VALUES (1)");
            run(connection, "DELETE FROM t WHERE id = 2");
            assertConnectionLost(() -> run(connection, "DELETE FROM t WHERE id = 1"));
            assertThat(rows()).isZero();
        }
    }

    @Test
    void aServerThatIsDownLooksDownAndComesBack() throws Exception {
        postgres.kill();
        assertConnectionLost(() -> DriverManager.getConnection(url));
        postgres.restart();
        try (Connection connection = DriverManager.getConnection(url)) {
            run(connection, "SELECT 1");
        }
    }
}
