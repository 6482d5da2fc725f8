package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Servers;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** How long a call on SQLite waits for the lock of the file. */
@Timeout(120)
class SqliteBudgetTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration PLENTY = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Path file;
    private String url;

    @BeforeEach
    void name() {
        file = folder.resolve("runs.db");
        url = "jdbc:sqlite:" + file;
    }

    private JdbiRunStore store(Duration budget) {
        return JdbiRunStore.builder(file).callBudget(budget).build();
    }

    private static StoreCommand.DispatchRun dispatch() {
        return new StoreCommand.DispatchRun(
                NewRun.of("review").id(RunId.of(UUID.randomUUID().toString())), Head.of());
    }

    private static boolean queues(JdbiRunStore store) {
        return store.apply(dispatch()) instanceof Dispatch.Queued;
    }

    /** Another process that has begun to write. */
    private final class Foreign implements AutoCloseable {
        private final Connection connection = DriverManager.getConnection(url);
        private final Statement statement = connection.createStatement();

        Foreign() throws SQLException {
            statement.execute("BEGIN IMMEDIATE");
        }

        @Override
        public void close() throws SQLException {
            statement.execute("ROLLBACK");
            connection.close();
        }
    }

    @Test
    void manyWritersBehindAForeignLockWaitNoLongerThanOne() throws Exception {
        int writers = 12; // one after the other, they would wait for 12 seconds
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try (JdbiRunStore store = store(SHORT)) {
            long longest = 0;
            try (Foreign ignored = new Foreign()) {
                for (Future<Long> each : IntStream.range(0, writers)
                        .mapToObj(writer -> threads.submit(() -> nanosOfRefused(store)))
                        .toList()) {
                    longest = Math.max(longest, each.get());
                }
            }
            assertThat(Duration.ofNanos(longest)).isBetween(SHORT, SHORT.multipliedBy(6));
            assertThat(queues(store)).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    private static long nanosOfRefused(JdbiRunStore store) {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> store.apply(dispatch()))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failed -> assertThat(failed.certainty()).isEqualTo(Certainty.NOT_STORED))
                .message()
                .containsPattern(
                        "another connection holds its lock; \\d+ attempts? in |other calls of this store write,"
                                + " and the time of the call, PT1S, is over")
                .endsWith("; nothing was stored");
        return System.nanoTime() - begun;
    }

    @Test
    void aWriterGoesOnWhenTheForeignLockIsReleased() throws Exception {
        try (JdbiRunStore store = store(PLENTY)) {
            Foreign foreign = new Foreign();
            CompletableFuture<Boolean> queued = CompletableFuture.supplyAsync(() -> queues(store));
            Thread.sleep(600); // two turns and more
            foreign.close();
            assertThat(queued.get()).isTrue();
        }
    }

    @Test
    void anInterruptEndsTheWaitForTheFileAndForTheOtherWritersAndStands() throws Exception {
        try (JdbiRunStore store = store(PLENTY);
                Foreign ignored = new Foreign()) {
            Interrupted first = new Interrupted(store);
            Interrupted second = new Interrupted(store);
            assertThat(second.failure()).hasMessageContaining("the thread was interrupted while it waited for them");
            assertThat(first.failure()).hasMessageContaining("until the thread was interrupted");
        }
    }

    /** A writer on a thread that is interrupted while it waits. */
    private static final class Interrupted {
        private final AtomicReference<StoreException> thrown = new AtomicReference<>();
        private final AtomicBoolean flag = new AtomicBoolean();
        private final Thread thread;

        Interrupted(JdbiRunStore store) throws InterruptedException {
            thread = new Thread(() -> {
                try {
                    store.apply(dispatch());
                } catch (StoreException failed) {
                    thrown.set(failed);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            thread.start();
            Thread.sleep(300); // it waits by then, and it makes no difference if it does not
        }

        StoreException failure() throws InterruptedException {
            thread.interrupt();
            thread.join();
            assertThat(flag).isTrue();
            return thrown.get();
        }
    }

    @Test
    void aThreadThatIsInterruptedAlreadyWritesIfItNeedNotWait() {
        try (JdbiRunStore store = store(PLENTY)) {
            Thread.currentThread().interrupt();
            try {
                assertThat(queues(store)).isTrue();
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @Test
    void theBusyTimeoutOfAConnectionIsAsItWasAfterwards() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url + "?busy_timeout=7777")) {
            JdbiRunStore store = JdbiRunStore.builder(new OneConnection(connection))
                    .callBudget(SHORT)
                    .build();
            assertThat(queues(store)).isTrue();
            assertThat(store.history().state(RunId.of("none"))).isEmpty();
            assertThat(busyTimeout(connection)).isEqualTo(7777);
            try (Foreign ignored = new Foreign()) {
                nanosOfRefused(store);
            }
            assertThat(busyTimeout(connection)).isEqualTo(7777);
        }
    }

    private static int busyTimeout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA busy_timeout")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void inATransactionOfTheApplicationAStatementWaitsForTheBudgetAndPutsTheTimeoutBack() throws SQLException {
        try (HikariDataSource pool = Servers.pool(url + "?busy_timeout=50000", 1)) {
            JdbiRunStore store = JdbiRunStore.builder(pool).callBudget(SHORT).build();
            try (Foreign ignored = new Foreign();
                    Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                try (ConnectionUnit unit = store.unit(connection)) {
                    long begun = System.nanoTime();
                    assertThatThrownBy(() -> unit.store().apply(dispatch()))
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("another connection holds its lock");
                    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
                }
                connection.rollback();
                assertThat(busyTimeout(connection)).isEqualTo(50_000);
            }
        }
    }

    @Test
    void aReadOfAFileThatIsLockedAltogetherEndsToo() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(100); // by which the driver opens the file
        SQLiteDataSource plain = new SQLiteDataSource(config);
        plain.setUrl(url);
        JdbiRunStore store = JdbiRunStore.builder(plain).callBudget(SHORT).build();
        try (Connection alone = DriverManager.getConnection(url);
                Statement statement = alone.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            assertThatThrownBy(() -> store.history().refusals(1))
                    .isInstanceOf(StoreException.class)
                    .message()
                    .containsPattern("another connection holds its lock; \\d+ attempts? in \\d+\\.\\d s");
            statement.execute("ROLLBACK");
        }
        assertThat(store.history().refusals(1)).isEmpty();
    }
}
