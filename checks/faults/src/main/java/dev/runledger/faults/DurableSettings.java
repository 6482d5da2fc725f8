package dev.runledger.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The settings under which PostgreSQL keeps what it acknowledged. */
final class DurableSettings {
    private static final List<String> NAMES = List.of("fsync", "synchronous_commit", "full_page_writes");

    private DurableSettings() {}

    /** Adds the settings. They win over the {@code -F} that zonky passes, since they come after it on the command line. */
    static void turnOn(EmbeddedPostgres.Builder builder) {
        NAMES.forEach(name -> builder.setServerConfig(name, "on"));
    }

    /** Asks the server itself, and throws when one of them is not on. */
    static void require(DataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name FROM pg_settings WHERE setting = 'on'")) {
            List<String> missing = new ArrayList<>(NAMES);
            while (row.next()) {
                missing.remove(row.getString(1));
            }
            if (!missing.isEmpty()) {
                throw new IllegalStateException("Not on: " + missing);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("The settings cannot be read", failed);
        }
    }
}
