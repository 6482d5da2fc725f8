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
 * outside a transaction would be lost in silence.
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
                connection.setAutoCommit(true);
                changed.add(connection);
            }
            return connection;
        } catch (SQLException gone) {
            connection.close();
            throw gone;
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
