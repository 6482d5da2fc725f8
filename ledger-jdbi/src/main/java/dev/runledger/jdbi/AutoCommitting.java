package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * Gives connections of the application with auto-commit on, and gives them back as they were. In a pool that has it off, a statement
 * outside a transaction would be lost in silence. A connection that is inside a transaction is not one of a pool: somebody else will
 * commit it or roll it back.
 */
final class AutoCommitting implements ConnectionFactory {
    private final DataSource dataSource;
    private final Set<Connection> changed =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    AutoCommitting(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Connection openConnection() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            if (!connection.getAutoCommit()) {
                requireNoTransaction(connection);
                connection.setAutoCommit(true);
                changed.add(connection);
            }
            return connection;
        } catch (SQLException | RuntimeException gone) {
            connection.close();
            throw gone;
        }
    }

    private static void requireNoTransaction(Connection connection) throws SQLException {
        Database database = Database.ofProduct(connection.getMetaData().getDatabaseProductName());
        if (OpenTransaction.isOn(connection, database)) {
            throw new IllegalStateException("the data source lent a connection inside a transaction of the application,"
                    + " which the store must not commit: expected the call on ledger.in(unit), which joins the"
                    + " transaction, or a data source that lends connections in none");
        }
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        try (connection) {
            if (!changed.isEmpty() && changed.remove(connection) && !connection.isClosed()) {
                connection.setAutoCommit(false);
            }
        }
    }
}
