package com.example.imports;

import dev.runledger.Ledger;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders of the shop: a row of the shop and a run, in one transaction. */
public final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final DataSource dataSource;
    private final JdbiRunStore store;
    private final Ledger ledger;

    /** Orders in this database, where the ledger's tables are too. */
    public Orders(DataSource dataSource, JdbiRunStore store, Ledger ledger) {
        this.dataSource = dataSource;
        this.store = store;
        this.ledger = ledger;
    }

    /** Places an order, both or neither. */
    public RunId place(String customer, String file) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                insert(connection, customer, file);
                NewRun run = NewRun.of(Imports.WORKFLOW).target(file);
                RunId id = ledger.in(unit).dispatch(run).orElseThrow().id();
                connection.commit();
                unit.committed();
                return id;
            }
        }
    }

    /** The customer has thought better of it. */
    public void withdraw(RunId id, String file) throws SQLException {
        Transition unused = ledger.cancel(id, "withdrawn");
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("DELETE FROM shop_order WHERE file = ?")) {
            delete.setString(1, file);
            delete.executeUpdate();
        }
        LOG.info("order withdrawn: {}", file);
    }

    private static void insert(Connection connection, String customer, String file) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO shop_order (customer, file) VALUES (?, ?)")) {
            insert.setString(1, customer);
            insert.setString(2, file);
            insert.executeUpdate();
        }
    }
}
