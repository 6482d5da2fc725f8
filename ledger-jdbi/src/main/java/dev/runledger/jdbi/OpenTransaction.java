package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Finds out whether a connection with auto-commit off is inside a transaction, without asking the server and without beginning one. */
final class OpenTransaction {
    private static final String IN_A_TRANSACTION = "25001";

    private OpenTransaction() {}

    /** Returns whether something was done on the connection since its last commit or rollback. */
    static boolean isOn(Connection connection, Database database) throws SQLException {
        return database == Database.SQLITE ? isOnSqlite(connection) : isOnPostgres(connection);
    }

    /**
     * Asks the driver, which follows the state of the transaction: in one, it does not let {@code readOnly} be set, as JDBC demands.
     * To set it to what it is does nothing otherwise, and a wrapper of the connection passes it on.
     */
    private static boolean isOnPostgres(Connection connection) throws SQLException {
        try {
            connection.setReadOnly(connection.isReadOnly());
            return false;
        } catch (SQLException refused) {
            if (IN_A_TRANSACTION.equals(refused.getSQLState())) {
                return true;
            }
            throw refused;
        }
    }

    /**
     * Asks for a checkpoint, which SQLite refuses in a transaction that has read or written. This one does nothing. SQLite before 3.51
     * does not know its name and makes a passive checkpoint, which waits for nobody.
     */
    private static boolean isOnSqlite(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(NOOP)");
            return false;
        } catch (SQLException refused) {
            if (SqlErrors.isLocked(refused)) {
                return true;
            }
            throw refused;
        }
    }
}
