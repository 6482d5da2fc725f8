package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers of a SQLite file that come together. */
@Timeout(120)
class SqliteSessionTest {
    private static final CallName CALL = CallName.of("test");

    @TempDir
    private Path folder;

    private SqliteConnections connections;
    private Jdbi jdbi;
    private Session session;

    @BeforeEach
    void open() {
        connections = new SqliteConnections(folder.resolve("runs.db"));
        jdbi = Jdbis.over(connections);
        jdbi.useHandle(handle -> handle.execute("CREATE TABLE t (n TEXT PRIMARY KEY)"));
        session = new SqliteSession(jdbi, CallBudget.of(Duration.ofMinutes(1)), true, true);
    }

    @AfterEach
    void close() {
        connections.close();
    }

    private static Function<Attempt, String> insert(String value) {
        return attempt -> {
            attempt.handle().execute("INSERT INTO t VALUES (?)", value);
            return value;
        };
    }

    private List<String> rows() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT n FROM t ORDER BY n")
                .mapTo(String.class)
                .list());
    }

    /** A write on a thread of its own. */
    private final class Writer {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        private final Thread thread;

        Writer(Function<Attempt, String> work) {
            thread = new Thread(() -> {
                try {
                    result.complete(session.write(CALL, work));
                } catch (RuntimeException failed) {
                    result.completeExceptionally(failed);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        /** Waits until it stands in the line. */
        Writer inLine() {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            return this;
        }

        String result() throws Exception {
            return result.get(1, TimeUnit.MINUTES);
        }

        Throwable failure() {
            try {
                throw new AssertionError("it returned " + result());
            } catch (ExecutionException failed) {
                return failed.getCause();
            } catch (Exception other) {
                throw new AssertionError(other);
            }
        }
    }

    /** A write that holds its turn until it is let go. */
    private final class Slow {
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch writes = new CountDownLatch(1);
        private final Writer writer = new Writer(attempt -> {
            writes.countDown();
            try {
                go.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return insert("slow").apply(attempt);
        });

        Slow() throws InterruptedException {
            writes.await();
        }

        void letGo() throws Exception {
            go.countDown();
            assertThat(writer.result()).isEqualTo("slow");
        }
    }

    @Test
    void thoseThatWaitAreMadeByTheFirstOfThem() throws Exception {
        Slow slow = new Slow();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        List<Writer> writers = IntStream.range(0, 8)
                .mapToObj(i -> new Writer(attempt -> {
                            threads.add(Thread.currentThread());
                            return insert("w" + i).apply(attempt);
                        })
                        .inLine())
                .toList();
        slow.letGo();
        for (int i = 0; i < 8; i++) {
            assertThat(writers.get(i).result()).isEqualTo("w" + i);
        }
        assertThat(threads).containsExactly(writers.get(0).thread);
        assertThat(rows()).hasSize(9);
    }

    @Test
    void oneThatFailsFailsAloneAndLeavesNothing() throws Exception {
        Slow slow = new Slow();
        Writer good = new Writer(insert("good")).inLine();
        Writer broken = new Writer(attempt -> {
                    insert("half").apply(attempt);
                    throw new IllegalStateException(
                            "broken on " + Thread.currentThread().getName());
                })
                .inLine();
        Writer twice = new Writer(insert("slow")).inLine();
        Writer last = new Writer(insert("last")).inLine();
        slow.letGo();
        assertThat(good.result()).isEqualTo("good");
        assertThat(last.result()).isEqualTo("last");
        assertThat(broken.failure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken on " + broken.thread.getName());
        assertThat(twice.failure())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("test: the database gave error ")
                .hasMessageEndingWith("nothing was stored");
        assertThat(rows()).containsExactly("good", "last", "slow");
    }

    @Test
    void ifTheWholeTransactionIsRolledBackEachIsMadeAlone() throws Exception {
        Slow slow = new Slow();
        Writer good = new Writer(insert("good")).inLine();
        Writer broken = new Writer(attempt -> {
                    attempt.handle().execute("ROLLBACK"); // as SQLite does by itself when the disk is full
                    return "none";
                })
                .inLine();
        Writer last = new Writer(insert("last")).inLine();
        slow.letGo();
        assertThat(good.result()).isEqualTo("good");
        assertThat(last.result()).isEqualTo("last");
        assertThat(broken.failure()).isInstanceOf(StoreException.class);
        assertThat(rows()).containsExactly("good", "last", "slow");
    }

    @Test
    void anInterruptEndsTheWaitOfOneWriterAlone() throws Exception {
        Slow slow = new Slow();
        Writer first = new Writer(insert("first")).inLine();
        Writer interrupted = new Writer(insert("interrupted")).inLine();
        interrupted.thread.interrupt();
        assertThat(interrupted.failure())
                .hasMessage(
                        "test: other calls of this store write, and the thread was interrupted while it waited for them; nothing was stored");
        slow.letGo();
        assertThat(first.result()).isEqualTo("first");
        assertThat(rows()).containsExactly("first", "slow");
    }

    @Test
    void manyWritesOfOneCallerAreHandedOverBeforeOneFails() {
        List<Write<String>> writes = IntStream.range(0, 300)
                .mapToObj(i -> new Write<>(CALL, insert(i == 299 ? "5" : String.valueOf(i))))
                .toList();
        List<String> results = new ArrayList<>();
        assertThatThrownBy(() -> session.writeAll(writes, (write, result) -> results.add(result)))
                .isInstanceOf(StoreException.class);
        assertThat(results).hasSize(299);
        assertThat(rows()).hasSize(299);
    }

    @Test
    void withoutGroupsEachWriteIsATransactionOfItsOwnThread() throws Exception {
        session = new SqliteSession(jdbi, CallBudget.of(Duration.ofMinutes(1)), true, false);
        Slow slow = new Slow();
        List<Writer> writers = IntStream.range(0, 4)
                .mapToObj(i -> new Writer(attempt ->
                                insert(Thread.currentThread().getName()).apply(attempt))
                        .inLine())
                .toList();
        slow.letGo();
        for (Writer writer : writers) {
            assertThat(writer.result()).isEqualTo(writer.thread.getName());
        }
    }
}
