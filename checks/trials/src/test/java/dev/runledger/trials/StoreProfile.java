package dev.runledger.trials;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.jdbi.JdbiRunStore;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** Lists the ways to give a store its database, which a JDBC URL names. */
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
    /** A SQLite file, given as a path and nothing else. */
    SQLITE_PATH {
        @Override
        JdbiRunStore open(String url) {
            return JdbiRunStore.sqlite(Path.of(url.substring("jdbc:sqlite:".length())));
        }
    },
    /** A SQLite file behind the data source of the driver, with no setting but the URL. */
    SQLITE_SOURCE {
        @Override
        JdbiRunStore open(String url) {
            return JdbiRunStore.on(plain(url));
        }
    };

    /** Opens a store as an application would; only the end of the process closes it. */
    abstract JdbiRunStore open(String url);

    /** Returns a data source that opens a connection for each call, for a look at the tables. */
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
