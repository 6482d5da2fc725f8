package com.example.imports;

import static dev.runledger.event.WorkflowRunEvent.CANCELLED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.LedgerKit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** A row of the shop's and a run, in one transaction on a plain connection. */
class OrdersTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private SQLiteDataSource sqlite;
    private JdbiRunStore store;
    private Connection open; // so that no other is the last, which tidies up when it is closed

    @RegisterExtension
    private final LedgerExtension extension = LedgerExtension.of(this::kit);

    private LedgerKit kit() {
        sqlite = Databases.in(folder, SynchronousMode.NORMAL);
        store = JdbiRunStore.builder(sqlite).clock(InstantSource.fixed(NOON)).build();
        return LedgerKit.builder()
                .name("order")
                .startingAt(NOON)
                .ledger(with -> with.store(store))
                .build();
    }

    private Orders orders;

    @BeforeEach
    void orders(LedgerKit kit) throws Exception {
        open = sqlite.getConnection();
        open.createStatement().execute("CREATE TABLE shop_order (customer TEXT NOT NULL UNIQUE, file TEXT NOT NULL)");
        orders = new Orders(sqlite, store, kit.ledger());
    }

    @AfterEach
    void close() throws SQLException {
        store.close();
        open.close();
    }

    @Test
    void anOrderIsEmittedAfterItsCommit(LedgerKit kit) throws Exception {
        new Orders(kit.watch(sqlite), store, kit.ledger()).place("acme", "prices.csv");
    }

    @Test
    void anOrderIsEmitted(LedgerKit kit) throws Exception {
        RunId id = orders.place("acme", "prices.csv");
        assertThat(kit.recorder()).run(id).emittedExactly(QUEUED);
    }

    @Test
    void anOrderThatIsNotKeptIsNotEmitted(LedgerKit kit) throws Exception {
        orders.place("acme", "prices.csv");
        assertThatThrownBy(() -> orders.place("acme", "stock.csv")).isInstanceOf(SQLException.class);
        assertThat(kit.recorder()).onlyRun().emittedExactly(QUEUED);
    }

    @Test
    void anOrderMayBeWithdrawn(LedgerKit kit) throws Exception {
        RunId id = orders.place("acme", "prices.csv");
        orders.withdraw(id, "prices.csv");
        assertThat(kit.recorder()).run(id).emittedExactly(QUEUED, CANCELLED, COMPLETED);
        assertThat(kit.ledger().history().run(id)).isPresent();
    }
}
