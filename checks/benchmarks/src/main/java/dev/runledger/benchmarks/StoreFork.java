package dev.runledger.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteDataSource;

/** A process with the client alone in it, which lives runs in one way and says what that cost. */
public final class StoreFork implements AutoCloseable {
    /** Warm-up is always by as many threads as this, because one would need minutes to have everything compiled. */
    static final int MOST_THREADS = 8;

    /** The ways that are compared. */
    enum Way {
        store,
        ledger,
        byHand
    }

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final OrderedIds ids = new OrderedIds();
    private final AtomicLong lives = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(MOST_THREADS);
    private final String url;
    private final Life life;

    private StoreFork(Way way, String url) throws SQLException {
        this.url = url;
        this.life = url.startsWith("jdbc:sqlite:") ? onSqlite(way) : onPostgres(way);
    }

    /**
     * Measures one way. Takes the way, the JDBC URL of an empty database, the number of threads, and the seconds of warm-up and of
     * measurement. Prints transitions a second, CPU nanoseconds of this process a transition, and bytes allocated a transition.
     */
    public static void main(String[] arguments) throws Exception {
        Logging.quiet();
        int threads = Integer.parseInt(arguments[2]);
        try (StoreFork fork = new StoreFork(Way.valueOf(arguments[0]), arguments[1])) {
            fork.run(MOST_THREADS, Integer.parseInt(arguments[3]));
            System.gc();
            fork.run(threads, 1); // the pool and the server settle
            Measured measured = fork.run(threads, Integer.parseInt(arguments[4]));
            fork.check();
            double transitions = measured.lives() * Life.TRANSITIONS;
            System.out.println(transitions / measured.nanos() * 1e9);
            System.out.println(measured.cpu() / transitions);
            System.out.println(measured.bytes() / transitions);
        }
    }

    // ---- the ways

    private Life onPostgres(Way way) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(MOST_THREADS);
        opened.add(pool);
        if (way != Way.byHand) {
            return life(way, JdbiRunStore.on(pool));
        }
        Recording recording = new Recording(pool);
        return byHand(JdbiRunStore.on(recording.source()), recording, work -> {
            try (Connection connection = pool.getConnection()) {
                work.on(connection);
            }
        });
    }

    private Life onSqlite(Way way) throws SQLException {
        if (way != Way.byHand) {
            JdbiRunStore store = JdbiRunStore.sqlite(Path.of(url.substring("jdbc:sqlite:".length())));
            opened.add(store);
            return life(way, store);
        }
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        Recording recording = new Recording(source);
        JdbiRunStore recorded = JdbiRunStore.on(recording.source());
        Connection connection = DriverManager.getConnection(url);
        opened.add(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
        }
        ReentrantLock writer = new ReentrantLock(true);
        return byHand(recorded, recording, work -> {
            writer.lock();
            try {
                work.on(connection);
            } finally {
                writer.unlock();
            }
        });
    }

    private static Life life(Way way, JdbiRunStore store) {
        return way == Way.store
                ? Life.of(store)
                : Life.of(Ledger.builder()
                        .store(store)
                        .sink(new Deaf())
                        .echo(false)
                        .build());
    }

    private Life byHand(JdbiRunStore store, Recording recording, ByHand.Connections connections) {
        lives.addAndGet(2);
        return ByHand.as(store, recording, connections, newId(), newId());
    }

    // ---- the measurement

    /** What some seconds of it came to. */
    private record Measured(long lives, long nanos, long cpu, long bytes) {}

    private Measured run(int many, int seconds) throws InterruptedException, ExecutionException {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(seconds).toNanos();
        List<Future<long[]>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add(threads.submit(() -> untilThen(end)));
        }
        long lived = 0;
        long bytes = 0;
        for (Future<long[]> each : all) {
            lived += each.get()[0];
            bytes += each.get()[1];
        }
        lives.addAndGet(lived);
        return new Measured(lived, System.nanoTime() - start, process.getProcessCpuTime() - cpu, bytes);
    }

    private long[] untilThen(long end) throws SQLException {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = thread.getCurrentThreadAllocatedBytes();
        long lived = 0;
        do {
            life.live(newId());
            lived++;
        } while (System.nanoTime() < end);
        return new long[] {lived, thread.getCurrentThreadAllocatedBytes() - bytes};
    }

    private String newId() {
        return ids.next().toString();
    }

    /** Checks that this way has done all of the work. */
    private void check() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (SELECT count(*) FROM ledger_event),"
                        + " (SELECT count(*) FROM ledger_run WHERE state = 'SUCCEEDED')")) {
            row.next();
            if (row.getLong(1) != lives.get() * Life.TRANSITIONS || row.getLong(2) != lives.get()) {
                throw new IllegalStateException("%d events of %d runs that succeeded, expected those of %d"
                        .formatted(row.getLong(1), row.getLong(2), lives.get()));
            }
        }
    }

    @Override
    public void close() throws Exception {
        threads.shutdown();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }
}
