package dev.runledger.trials;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.jdbi.JdbiRunStore;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** The ways to give a store its database, which is named by a JDBC URL. */
enum StoreProfile {
    /** PostgreSQL behind a pool. */
    POSTGRESQL {
        @Override
        JdbiRunStore open(String url) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(8);
            return JdbiRunStore.on(new HikariDataSource(config));
        }
    },
    /** A SQLite file whose path is all that is said. */
    SQLITE_PATH {
        @Override
        JdbiRunStore open(String url) {
            return JdbiRunStore.sqlite(Path.of(url.substring("jdbc:sqlite:".length())));
        }
    },
    /** A SQLite file behind the driver's own data source with no setting but the URL. */
    SQLITE_SOURCE {
        @Override
        JdbiRunStore open(String url) {
            return JdbiRunStore.on(plain(url));
        }
    };

    /** A store as a host has it; what it opens is closed by the end of the process alone. */
    abstract JdbiRunStore open(String url);

    /** A new connection for each call, for what looks at the tables. */
    DataSource plain(String url) {
        if (this == POSTGRESQL) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(url);
            return source;
        }
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        return source;
    }
}
