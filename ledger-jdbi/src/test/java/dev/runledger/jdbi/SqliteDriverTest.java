package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class SqliteDriverTest {
    @Test
    @EnabledIfSystemProperty(named = "ledger.sqlite", matches = ".+")
    void theTestsRunOnTheDriverThatTheBuildNames() throws Exception {
        String version = System.getProperty("ledger.sqlite");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            assertThat(connection.getMetaData().getDriverVersion()).isEqualTo(version);
        }
    }
}
