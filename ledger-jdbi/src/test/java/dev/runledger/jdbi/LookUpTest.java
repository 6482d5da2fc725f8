package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
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

/** The look-up after a host's commit, where it goes wrong: the host's connection and the host's caller do not notice. */
class LookUpTest {
    private final RecordingSink told = new RecordingSink();
    private WorkflowRunEvents events = WorkflowRunEvents.builder().sink(told).build();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void aLookUpThatFailsLeavesTheHostsConnectionAsItWas() throws SQLException {
        try (TestStore bench = TestStore.open(Database.POSTGRESQL, folder);
                Connection connection = bench.pool().getConnection();
                Connection other = DriverManager.getConnection(bench.url())) {
            connection.setAutoCommit(false);
            other.setAutoCommit(false);
            execute(connection, "SET lock_timeout = '100ms'");
            try (ConnectionUnit unit = bench.store().unit(connection)) {
                ledger(bench).in(unit).dispatch(NewRun.of("review")).orElseThrow();
                connection.commit();
                execute(other, "LOCK TABLE ledger_event IN ACCESS EXCLUSIVE MODE");
                unit.committed();
                other.rollback();
            }
            assertThat(told.events()).isEmpty();
            assertThat(events.counters().rolledBack()).isEqualTo(1);
            execute(connection, "CREATE TABLE orders (id text)");
            connection.commit();
        }
    }

    @Test
    void aRollbackThatFailsAfterItTakesNothingFromWhatItFound() throws SQLException {
        try (TestStore bench = TestStore.open(Database.POSTGRESQL, folder);
                Connection connection = new Unrollable(bench.pool()).getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = bench.store().unit(connection)) {
                ledger(bench).in(unit).dispatch(NewRun.of("review")).orElseThrow();
                connection.commit();
                unit.committed();
            }
            assertThat(told.events()).hasSize(1);
        }
    }

    @Test
    void idsThatNoRowHasDoNotReachWhoeverCommits() {
        events = WorkflowRunEvents.builder()
                .sink(told)
                .ids(() -> "urn:uuid:" + UUID.randomUUID())
                .build();
        try (TestStore bench = TestStore.open(Database.SQLITE, folder)) {
            Jdbi.create(bench.pool())
                    .useTransaction(handle -> ledger(bench)
                            .in(bench.store().unit(handle))
                            .refuse(NewRun.of("review").id(RunId.of("r-1")), "not today"));
            assertThat(events.counters().rolledBack()).isEqualTo(1);
        }
    }

    /** As one that a transaction manager guards. */
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

    private Ledger ledger(TestStore bench) {
        return Ledger.builder().store(bench.store()).events(events).build();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
