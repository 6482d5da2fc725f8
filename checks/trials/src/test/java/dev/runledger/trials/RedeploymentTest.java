package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.faults.Rounds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.File;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server drops an application and loads it again: nothing of the library stays behind. The application brings the library, Jdbi and Jackson;
 * the server has the registry, OpenTelemetry's API, SLF4J and the driver.
 */
class RedeploymentTest {
    private static final List<String> OF_THE_APPLICATION =
            List.of("dev.runledger.", "com.fasterxml.jackson.", "org.jdbi.", "org.antlr.", "io.leangen.");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    /** What the server has: all but what the application brings. */
    private static final class OfTheServer extends ClassLoader {
        OfTheServer() {
            super(RedeploymentTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (OF_THE_APPLICATION.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(entry, impossible);
        }
    }

    /** Loads the application, lets it live, and drops it. */
    private PhantomReference<ClassLoader> deployed(int number, ReferenceQueue<ClassLoader> collected) throws Exception {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(RedeploymentTest::url)
                .toArray(URL[]::new);
        URLClassLoader application = new URLClassLoader(urls, new OfTheServer());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(application);
        try {
            Class<?> type = application.loadClass(RedeployedApplication.class.getName());
            assertThat(type.getClassLoader()).isSameAs(application);
            @SuppressWarnings("unchecked")
            BiConsumer<Path, Object[]> life =
                    (BiConsumer<Path, Object[]>) type.getDeclaredConstructor().newInstance();
            life.accept(folder.resolve("runs-" + number + ".db"), new Object[] {registry, OpenTelemetry.noop()});
        } finally {
            thread.setContextClassLoader(before);
            application.close();
        }
        return new PhantomReference<>(application, collected);
    }

    @Test
    void theClassLoaderOfADroppedApplicationIsCollected() throws Exception {
        int cycles = Rounds.of(5, 50);
        DriverManager.getConnection("jdbc:sqlite::memory:")
                .close(); // the driver starts a process once, whose thread keeps the class loader of the moment
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
        Set<Object> waiting = new HashSet<>();
        for (int i = 0; i < cycles; i++) {
            waiting.add(deployed(i, collected));
        }
        for (int i = 0; i < 1_000 && waiting.size() > 1; i++) { // a compilation that is under way keeps a class, too
            System.gc();
            Object gone = collected.remove(50);
            while (gone != null) {
                waiting.remove(gone);
                gone = collected.poll();
            }
        }
        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        System.out.printf(
                "redeployment on Java %s: %d of %d class loaders collected%n",
                Runtime.version().feature(), cycles - waiting.size(), cycles);
        assertThat(waiting)
                .as(
                        "the JDK's own method handles keep the one that used them last, strongly or softly; what the library kept would be one each")
                .hasSizeLessThanOrEqualTo(1);
        assertThat(left)
                .filteredOn(thread -> thread.getName().startsWith("ledger"))
                .isEmpty();
    }

    @Test
    void openedAndClosedAThousandTimesItLeavesNoThreadAndNoFile() throws Exception {
        int cycles = Rounds.of(100, 1_000);
        RedeployedApplication application = new RedeployedApplication();
        Object[] ofServer = {registry, OpenTelemetry.noop()};
        for (int i = 0; i < 10; i++) {
            application.accept(folder.resolve("warm-up.db"), ofServer);
        }
        long files = openFiles();
        int threads = Thread.getAllStackTraces().size();
        for (int i = 0; i < cycles; i++) {
            application.accept(folder.resolve("again.db"), ofServer);
        }
        System.out.printf(
                "opened and closed %d times: %d more threads, %d more open files%n",
                cycles, Thread.getAllStackTraces().size() - threads, openFiles() - files);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("ledger"));
        assertThat(openFiles()).isLessThanOrEqualTo(files + 2); // what the machine's own collector or compiler opened
    }

    /** Counts what this process has open; 0 where there is no /proc. */
    private static long openFiles() throws Exception {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(open)) {
            return all.count();
        }
    }
}
