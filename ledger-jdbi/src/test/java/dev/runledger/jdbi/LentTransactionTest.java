package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.runledger.Ledger;
import dev.runledger.faults.Servers;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** A data source that lends the connection of a transaction that somebody else began. */
@ParameterizedClass
@MethodSource("dev.runledger.jdbi.TestDatabase#each")
class LentTransactionTest {
    private final TestDatabase database;
    private final DataSource aware;
    private final TransactionTemplate transactions;
    private final RunId id = RunId.of(UUID.randomUUID().toString());
    private JdbiRunStore store;
    private Ledger ledger;

    LentTransactionTest(TestDatabase database) {
        this.database = database;
        this.aware = new TransactionAwareDataSourceProxy(database.pool());
        this.transactions = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
    }

    @BeforeEach
    void open() {
        store = JdbiRunStore.on(aware);
        ledger = ledgerOn(store);
        new JdbcTemplate(aware).execute("CREATE TABLE IF NOT EXISTS notes (id text PRIMARY KEY)");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static Ledger ledgerOn(JdbiRunStore store) {
        return Ledger.builder().store(store).sink(EventSink.inline(event -> {})).build();
    }

    private void note() {
        new JdbcTemplate(aware).update("INSERT INTO notes (id) VALUES (?)", id.value());
    }

    private int notes() {
        Integer count = new JdbcTemplate(database.pool())
                .queryForObject("SELECT count(*) FROM notes WHERE id = ?", Integer.class, id.value());
        return count == null ? -1 : count;
    }

    private static void assertThatItIsRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside a transaction of the application")
                .hasMessageContaining("ledger.in(unit)");
    }

    @Test
    void aCallInASpringTransactionThatHasWrittenIsRefusedAndNothingIsCommitted() {
        transactions.executeWithoutResult(status -> {
            note();
            assertThatItIsRefused(
                    () -> ledger.dispatch(NewRun.of("review").id(id)).orElseThrow());
            assertThatItIsRefused(() -> ledger.history().run(id));
            assertThatItIsRefused(() -> JdbiRunStore.on(aware));
            status.setRollbackOnly();
        });
        assertThat(notes()).isZero();
        assertThat(ledger.history().run(id)).isEmpty();
    }

    @Test
    void theTransactionOfARefusedCallCanStillBeCommittedAndJoined() {
        transactions.executeWithoutResult(status -> {
            note();
            assertThatItIsRefused(
                    () -> ledger.dispatch(NewRun.of("review").id(id)).orElseThrow());
            try (ConnectionUnit unit = store.unit(DataSourceUtils.getConnection(database.pool()))) {
                ledger.in(unit).dispatch(NewRun.of("review").id(id)).orElseThrow();
            }
        });
        assertThat(notes()).isEqualTo(1);
        assertThat(ledger.history().run(id)).isPresent();
    }

    @Test
    void aSpringTransactionThatHasOnlyReadIsNotEndedEither() {
        transactions.executeWithoutResult(status -> {
            assertThat(new JdbcTemplate(aware).queryForList("SELECT id FROM notes WHERE id = 'none'"))
                    .isEmpty();
            assertThatItIsRefused(() -> ledger.history().run(id));
            note();
            status.setRollbackOnly();
        });
        assertThat(notes()).isZero();
    }

    @Test
    void aCallBeforeASpringTransactionHasDoneAnythingIsStoredByItself() {
        transactions.executeWithoutResult(status -> {
            ledger.dispatch(NewRun.of("review").id(id)).orElseThrow();
            note();
            status.setRollbackOnly();
        });
        assertThat(notes()).isZero();
        assertThat(ledger.history().run(id)).isPresent();
    }

    @Test
    void aCallOutsideAnyTransactionIsStored() {
        ledger.dispatch(NewRun.of("review").id(id)).orElseThrow();
        note();
        assertThat(ledger.history().run(id)).isPresent();
        assertThat(notes()).isEqualTo(1);
    }

    @Test
    void aDataSourceOfOneConnectionThatIsInATransactionIsRefused() throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            Ledger sharing = ledgerOn(JdbiRunStore.on(new OneConnection(connection)));
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO notes (id) VALUES ('" + id + "')");
            assertThatItIsRefused(() -> sharing.dispatch(NewRun.of("review").id(id)));
            assertThatItIsRefused(() -> sharing.history().run(id));
            assertThat(connection.getAutoCommit()).isFalse();
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM notes WHERE id = '" + id + "'")) {
                row.next();
                assertThat(row.getInt(1)).as("the transaction is still open").isEqualTo(1);
            }
            connection.rollback();
            sharing.dispatch(NewRun.of("review").id(id)).orElseThrow();
            assertThat(connection.getAutoCommit()).isFalse();
            connection.rollback();
            connection.setAutoCommit(true);
        }
        assertThat(notes()).isZero();
        assertThat(ledger.history().run(id)).isPresent();
    }

    @Test
    void aFailedTransactionIsNotRolledBack() throws SQLException {
        assumeThat(database.database()).isEqualTo(Database.POSTGRESQL);
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            Ledger sharing = ledgerOn(JdbiRunStore.on(new OneConnection(connection)));
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> statement.execute("SELECT 1 / 0")).isInstanceOf(SQLException.class);
            assertThatItIsRefused(() -> sharing.history().run(id));
            assertThatThrownBy(() -> statement.execute("SELECT 1"))
                    .as("the application has to roll back")
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failed -> assertThat(failed.getSQLState()).isEqualTo("25P02"));
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Test
    void aPoolWithAutoCommitOffWorksAndGetsItsConnectionsBackAsTheyWere() throws SQLException {
        try (var pool = Servers.poolWithoutAutoCommit(url(), 1)) {
            Ledger pooled = ledgerOn(JdbiRunStore.on(pool));
            pooled.dispatch(NewRun.of("review").id(id)).orElseThrow();
            pooled.start(id, "worker").orElseThrow();
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(OpenTransaction.isOn(connection, database.database()))
                        .isFalse();
            }
        }
        assertThat(ledger.history().run(id).orElseThrow().seq()).isEqualTo(2);
    }

    private String url() throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            String url = connection.getMetaData().getURL();
            return database.database() == Database.POSTGRESQL ? url + "&user=postgres" : url;
        }
    }
}
