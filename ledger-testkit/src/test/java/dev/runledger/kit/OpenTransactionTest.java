package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;
import dev.runledger.testkit.LedgerKit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Nothing is emitted while the transaction of its thread is open. */
class OpenTransactionTest {
    @TempDir
    private Path folder;

    private final RunStore memory = RunStore.inMemory();
    private final LedgerKit kit =
            LedgerKit.builder().name("t").ledger(with -> with.store(memory)).build();
    private final Ledger ledger = kit.ledger();
    private DataSource dataSource;

    @BeforeEach
    void open() throws SQLException {
        SQLiteDataSource sqlite = new SQLiteDataSource();
        sqlite.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));
        dataSource = kit.watch(sqlite);
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id text)");
        }
    }

    private void emit() {
        kit.events().log(QUEUED, EventFields.of().runId("r-" + kit.ids().get()).workflowName("import"));
    }

    private static void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders (id) VALUES (?)")) {
            insert.setString(1, "o-1");
            insert.executeUpdate();
        }
    }

    @Test
    void whatIsEmittedBeforeTheCommitIsFound() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
            emit();
            connection.commit();
        }
        assertThat(kit.breaches()).hasSize(1);
        assertThat(Messages.plain(kit.breaches().get(0).toString()))
                .isEqualTo(
                        "OPEN_TRANSACTION: workflow.run.queued of run r-t-1 was emitted while a transaction of its thread was open,"
                                + " begun at dev.runledger.kit.OpenTransactionTest.whatIsEmittedBeforeTheCommitIsFound(OpenTransactionTest.java:#)\n"
                                + "  at dev.runledger.kit.OpenTransactionTest.emit(OpenTransactionTest.java:#)");
    }

    @Test
    void whatIsEmittedAfterTheCommitIsWell() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
            connection.commit();
            look(connection);
            emit();
            insert(connection);
            connection.rollback();
            emit();
            connection.setAutoCommit(true);
            insert(connection);
            emit();
        }
        kit.verify();
    }

    @Test
    void aSecondTransactionOnTheSameConnectionIsOne() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.commit();
            emit();
            insert(connection);
            emit();
        }
        emit();
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void aTransactionThatIsBegunByAStatementIsOne() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            emit();
            statement.execute("COMMIT");
            emit();
        }
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void aPoolThatGivesConnectionsInManualModeIsWatchedFromTheirFirstStatement() throws SQLException {
        SQLiteDataSource pool = new SQLiteDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setAutoCommit(false);
                return connection;
            }
        };
        pool.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));
        try (Connection connection = kit.watch(pool).getConnection()) {
            emit();
            look(connection);
            emit();
            connection.commit();
            emit();
        }
        assertThat(kit.breaches())
                .singleElement()
                .satisfies(breach -> assertThat(breach.what()).contains("r-t-3"));
    }

    @Test
    void aBatchOfPlainStatementsIsOne() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.commit();
            statement.addBatch("INSERT INTO orders (id) VALUES ('o-1')");
            statement.executeBatch();
            emit();
            connection.rollback();
        }
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void howItsStatementsAreWrittenDoesNotMatter() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("/* of the application */ BEGIN IMMEDIATE;");
            emit();
            statement.execute("END;");
            emit();
            statement.execute("-- again\nBEGIN");
            statement.execute("END TRANSACTION");
            emit();
        }
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void aSavepointEndsNone() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.rollback(connection.setSavepoint());
            emit();
        }
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void anotherThreadsTransactionIsNone() throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Thread other = new Thread(this::emit);
            other.start();
            other.join();
            connection.rollback();
        }
        kit.verify();
    }

    @Test
    void whatFollowsTheCommitOfAnInnerTransactionIsWell() throws SQLException {
        try (Connection outer = dataSource.getConnection()) {
            outer.setAutoCommit(false);
            try (Connection inner = dataSource.getConnection()) {
                inner.setAutoCommit(false);
                insert(inner);
                inner.commit();
                emit();
            }
            insert(outer);
            outer.commit();
        }
        kit.verify();
    }

    @Test
    void whatFollowsTheRollbackOfAnInnerTransactionIsWell() throws SQLException {
        try (Connection outer = dataSource.getConnection()) {
            outer.setAutoCommit(false);
            try (Connection inner = dataSource.getConnection()) {
                inner.setAutoCommit(false);
                inner.rollback();
                emit();
            }
            outer.rollback();
        }
        kit.verify();
    }

    @Test
    void whatPrecedesTheCommitOfAnInnerTransactionIsFound() throws SQLException {
        try (Connection outer = dataSource.getConnection()) {
            outer.setAutoCommit(false);
            try (Connection inner = dataSource.getConnection()) {
                inner.setAutoCommit(false);
                emit();
                inner.commit();
            }
            outer.commit();
        }
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void whatFollowsAnInnerTransactionWhenTheOuterIsInUseAgainIsFound() throws SQLException {
        try (Connection outer = dataSource.getConnection();
                Connection inner = dataSource.getConnection()) {
            outer.setAutoCommit(false);
            inner.setAutoCommit(false);
            inner.commit();
            insert(outer);
            emit(); // the outer was used after the inner
            inner.commit();
            inner.setAutoCommit(true);
            emit(); // the inner is over
            inner.setAutoCommit(false);
            inner.commit();
            inner.close();
            emit(); // and now it is closed
            outer.rollback();
        }
        assertThat(kit.breaches()).hasSize(3);
    }

    @Test
    void aUnitWithinAUnitHasACommitOfItsOwn() {
        Unit outer = new Unit(false);
        Unit inner = new Unit(false);
        ledger.in(kit.watch(outer)).dispatch(NewRun.of("import")).orElseThrow();
        Ledger within = ledger.in(kit.watch(inner));
        within.dispatch(NewRun.of("import")).orElseThrow();
        within.dispatch(NewRun.of("import")).orElseThrow();
        inner.commit();
        assertThat(kit.breaches()).isEmpty();
        emit();
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void aUnitThatEmitsBeforeTheCommitOfItsConnectionIsFound() throws SQLException {
        Unit unit = new Unit(false);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            ledger.in(kit.watch(unit)).dispatch(NewRun.of("import")).orElseThrow();
            unit.commit();
            connection.commit();
        }
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void statementsKnowTheirConnection() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(connection).isEqualTo(connection).isNotEqualTo(dataSource);
            assertThat(statement).isEqualTo(statement).hasSameHashCodeAs(statement);
        }
    }

    @Test
    void aUnitThatWaitsForItsCommitIsWell() {
        Unit unit = new Unit(false);
        ledger.in(kit.watch(unit)).dispatch(NewRun.of("import")).orElseThrow();
        unit.commit();
        ledger.dispatch(NewRun.of("import")).orElseThrow();
        kit.verify();
    }

    @Test
    void aUnitThatDoesNotWaitIsFound() {
        ledger.in(kit.watch(new Unit(true))).dispatch(NewRun.of("import")).orElseThrow();
        assertThat(kit.breaches()).hasSize(1);
    }

    @Test
    void whatIsEmittedPastTheUnitIsFound() {
        Unit unit = new Unit(false);
        RunId id = ledger.in(kit.watch(unit))
                .dispatch(NewRun.of("import"))
                .orElseThrow()
                .id();
        ledger.start(id, "w").orElseThrow();
        assertThat(kit.breaches().get(0).what()).startsWith("workflow.run.running of run t-1 was emitted while");
    }

    private static void look(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT id FROM orders").close();
        }
    }

    /** A unit of work over the store in memory. */
    private final class Unit implements UnitOfWork {
        private final boolean hasty;
        private final List<Pending> pending = new ArrayList<>();

        Unit(boolean hasty) {
            this.hasty = hasty;
        }

        @Override
        public RunStore store() {
            return memory;
        }

        @Override
        public RunStore storeAfterCommit() {
            return memory;
        }

        @Override
        public void afterCommit(Pending each) {
            if (hasty) {
                each.emit(0);
            } else {
                pending.add(each);
            }
        }

        void commit() {
            pending.forEach(each -> each.emit(0));
        }
    }
}
