package dev.runledger.jdbi;

import java.sql.Connection;
import org.jdbi.v3.core.ConnectionFactory;

/** Gives a connection of the application, which closes it itself. */
record Borrowed(Connection connection) implements ConnectionFactory {
    @Override
    public Connection openConnection() {
        return connection;
    }

    @Override
    public void closeConnection(Connection borrowed) {}
}
