package dev.runledger.jdbi;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The PostgreSQL servers of this test run: one of each version, started when it is first asked for, stopped at the end. */
final class Servers {
    private static final List<String> WANTED =
            List.of(System.getProperty("ledger.postgres", "18").split(" "));
    private static final Map<String, DurablePostgres> STARTED = new ConcurrentHashMap<>();

    private Servers() {}

    static boolean isWanted(String version) {
        return WANTED.contains(version);
    }

    static DurablePostgres of(String version) {
        return STARTED.computeIfAbsent(version, DurablePostgres::start);
    }

    /** The newest that is wanted. */
    static DurablePostgres newest() {
        return of(WANTED.get(WANTED.size() - 1));
    }

    static HikariDataSource pool(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }
}
