package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.faults.InterceptingDataSource;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.testkit.RecordingSink;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The look-up after a commit of the application, when it goes wrong: the application does not notice. */
class LookUpTest {
    private final RecordingSink recorder = new RecordingSink();
    private Ledger ledger;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aLookUpThatFailsLeavesTheConnectionAsItWas() throws SQLException {
        try (TestStore bench = TestStore.open(Database.POSTGRESQL, folder);
                Connection connection = bench.pool().getConnection();
                Connection other = DriverManager.getConnection(bench.url())) {
            ledger = Ledger.builder().store(bench.store()).sink(recorder).build();
            connection.setAutoCommit(false);
            other.setAutoCommit(false);
            execute(connection, "SET lock_timeout = '100ms'");
            try (ConnectionUnit unit = bench.store().unit(connection)) {
                ledger.in(unit).dispatch(NewRun.of("review")).orElseThrow();
                connection.commit();
                execute(other, "LOCK TABLE ledger_event IN ACCESS EXCLUSIVE MODE");
                unit.committed();
                other.rollback();
            }
            assertThat(recorder.events()).isEmpty();
            assertThat(ledger.events().counters().rolledBack()).isEqualTo(1);
            execute(connection, "CREATE TABLE orders (id text)");
            connection.commit();
        }
    }

    @Test
    void aRollbackThatFailsAfterItTakesNothingFromWhatItFound() throws SQLException {
        try (TestStore bench = TestStore.open(Database.POSTGRESQL, folder);
                Connection connection = new Unrollable(bench.pool()).getConnection()) {
            ledger = Ledger.builder().store(bench.store()).sink(recorder).build();
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = bench.store().unit(connection)) {
                ledger.in(unit).dispatch(NewRun.of("review")).orElseThrow();
                connection.commit();
                unit.committed();
            }
            assertThat(recorder.events()).hasSize(1);
        }
    }

    @Test
    void idsThatNoRowHasDoNotReachTheCaller() {
        try (TestStore bench = TestStore.open(Database.SQLITE, folder)) {
            ledger = Ledger.builder()
                    .store(bench.store())
                    .sink(recorder)
                    .ids(() -> "urn:uuid:" + UUID.randomUUID())
                    .build();
            Jdbi.create(bench.pool())
                    .useTransaction(handle -> ledger.in(bench.store().unit(handle))
                            .refuse(NewRun.of("review").id(RunId.of("r-1")), "not today"));
            assertThat(ledger.events().counters().rolledBack()).isEqualTo(1);
        }
    }

    /** Connections that refuse a rollback, as a transaction manager may make them. */
    private static final class Unrollable extends InterceptingDataSource {
        Unrollable(DataSource target) {
            super(target);
        }

        @Override
        protected Object end(Connection real, String commitOrRollback, Call call) throws SQLException {
            if (commitOrRollback.equals("rollback")) {
                throw new SQLException("not yours to roll back");
            }
            return call.proceed();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
