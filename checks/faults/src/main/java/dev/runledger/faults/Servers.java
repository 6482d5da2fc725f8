package dev.runledger.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The PostgreSQL servers of this test run: one of each version, started when it is first asked for, stopped at the end. */
public final class Servers {
    private static final List<String> WANTED =
            List.of(System.getProperty("ledger.postgres", "18").split(" "));
    private static final Map<String, DurablePostgres> STARTED = new ConcurrentHashMap<>();

    private static final Map<String, HikariDataSource> SHARED = new ConcurrentHashMap<>();

    private Servers() {}

    /** Returns the versions that this test run tries. */
    public static List<String> wanted() {
        return WANTED;
    }

    /** Returns a pool on one database that all tests share which make unique ids. */
    public static HikariDataSource shared(String version) {
        return SHARED.computeIfAbsent(version, wanted -> pool(of(wanted).newDatabase(), 16));
    }

    public static DurablePostgres of(String version) {
        return STARTED.computeIfAbsent(version, DurablePostgres::start);
    }

    /** Returns the newest version that is wanted. */
    public static DurablePostgres newest() {
        return of(WANTED.get(WANTED.size() - 1));
    }

    public static HikariDataSource pool(String url, int size) {
        return new HikariDataSource(config(url, size));
    }

    /** Returns a pool whose connections begin a transaction with their first statement. */
    public static HikariDataSource poolWithoutAutoCommit(String url, int size) {
        HikariConfig config = config(url, size);
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    private static HikariConfig config(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        return config;
    }
}
