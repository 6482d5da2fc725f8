package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.faults.LossyNetwork;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.testkit.RecordingSink;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server has committed a transaction of the application, and the connection breaks before the application knows. */
@Timeout(300)
class LostCommitTest {
    private final RecordingSink sink = new RecordingSink();
    private final int rounds = Rounds.of(50, 100);
    private LossyNetwork network;
    private JdbiRunStore store;
    private Ledger ledger;

    @BeforeEach
    void connect() {
        network = LossyNetwork.before(Servers.newest(), true);
        store = JdbiRunStore.on(network);
        ledger = Ledger.builder().store(store).sink(sink).build();
    }

    @AfterEach
    void disconnect() {
        ledger.close();
        network.close();
    }

    @Test
    void aPlainConnectionWhoseCommitHasNoReplyEmitsNothing() throws SQLException {
        for (int round = 0; round < rounds; round++) {
            RunId id = queued(round);
            try (Connection connection = network.getConnection()) {
                connection.setAutoCommit(false);
                try (ConnectionUnit unit = store.unit(connection)) {
                    ledger.in(unit).start(id, "worker").orElseThrow();
                    ledger.in(unit).succeed(id).orElseThrow();
                    network.loseCommitReply();
                    assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                }
            }
            check(id);
        }
        report("plain connection");
    }

    @Test
    void aJdbiHandleWhoseCommitHasNoReplyEmitsNothing() {
        Jdbi jdbi = Jdbi.create(network);
        for (int round = 0; round < rounds; round++) {
            RunId id = queued(round);
            assertThatThrownBy(() -> jdbi.useTransaction(handle -> {
                        Ledger inside = ledger.in(store.unit(handle));
                        inside.start(id, "worker").orElseThrow();
                        inside.succeed(id).orElseThrow();
                        network.loseCommitReply();
                    }))
                    .isInstanceOf(TransactionException.class);
            check(id);
        }
        report("Jdbi handle");
    }

    private RunId queued(int round) {
        RunId id = RunId.of("run%04d".formatted(round));
        CallKind.DISPATCH.call(ledger, id);
        sink.clear();
        return id;
    }

    private void check(RunId id) {
        assertThat(network.hasLost()).isTrue();
        assertThat(sink.events()).isEmpty();
        StoredHistory stored =
                new StoredHistory(StoredRows.read(StoreProfile.POSTGRESQL.plain(network.url()), id.value()));
        assertThat(stored.comparedTo(store.history()).faults()).isEmpty();
        assertThat(stored.eventIds()).containsExactly(id + ":1", id + ":2", id + ":3");
    }

    private void report(String how) {
        assertThat(ledger.events().counters().rolledBack()).isEqualTo(2L * rounds);
        System.out.printf(
                "lost commit of a %s: %d rounds, %d events stored once, 0 emitted, %d counted as rolled back%n",
                how, rounds, 2 * rounds, ledger.events().counters().rolledBack());
    }
}
