package dev.runledger.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A child JVM that plays the application and may be killed at any time.
 *
 * <p>What it printed is its word of what it did. A line counts only when its newline has come: a line cut by the kill
 * acknowledges nothing.
 */
public final class HostProcess implements AutoCloseable {
    private final Process process;
    private final Thread atExit;
    private final Thread output;
    private final Thread errorOutput;
    private final OutputLines lines = new OutputLines();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private HostProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).start();
        atExit = new Thread(process::destroyForcibly, "host-process-kill");
        Runtime.getRuntime().addShutdownHook(atExit);
        output = reader("host-process-output", () -> lines.readFrom(process.getInputStream()));
        errorOutput =
                reader("host-process-errors", () -> process.getErrorStream().transferTo(errors));
    }

    /** Starts the main class on our own JDK and class path, with a small heap and the compiler that is ready soonest. */
    public static HostProcess start(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return start(command);
    }

    /** Starts an application as its user does, by its jar. */
    public static HostProcess start(Path jar, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString()));
        command.addAll(List.of(args));
        return start(command);
    }

    private static HostProcess start(List<String> command) {
        try {
            return new HostProcess(command);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static Thread reader(String name, Reading reading) {
        Thread thread = new Thread(
                () -> {
                    try {
                        reading.run();
                    } catch (IOException closed) {
                        return; // the end of the stream, reported in another way
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Returns every whole line so far; after {@link #kill()} or {@link #awaitExit} all that the child ever printed. */
    public List<String> lines() {
        return lines.all();
    }

    /** Returns what it wrote to standard error so far. */
    public String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits for a line, which may have come before, and returns the first that matches. */
    public String awaitLine(Predicate<String> wanted, Duration limit) {
        return lines.await(wanted, limit)
                .orElseThrow(() -> new IllegalStateException("No such line in " + lines() + ", errors: " + errors()));
    }

    /** Waits for a whole line on standard error, which may have come before, and returns the first that matches. */
    public String awaitError(Predicate<String> wanted, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<String> line = wholeErrorLines().filter(wanted).findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            if (System.nanoTime() > end || !alive()) {
                throw new IllegalStateException("No such line in: " + errors());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Returns the lines whose newline has come: {@code printf} on an unbuffered stream writes a line in pieces. */
    private Stream<String> wholeErrorLines() {
        String printed = errors();
        return printed.substring(0, printed.lastIndexOf('\n') + 1).lines();
    }

    /** Asks it to end, as by SIGTERM, and returns its exit value. */
    public int stop(Duration limit) {
        process.toHandle().destroy(); // Process.destroy() would close its streams, and lose what it says at the end
        return awaitExit(limit);
    }

    /** Waits for the child to end by itself and returns its exit value. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Alive after " + limit + ", errors: " + errors());
            }
            output.join(10_000); // not for ever: a grandchild may hold the pipe
            errorOutput.join(10_000);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the exit", stopped);
        }
        return process.exitValue();
    }

    /** Stops it with SIGSTOP, as a machine does that is paused or migrated: it runs no code, and knows nothing of it. */
    public void pause() {
        signal("STOP");
    }

    /** Lets it go on with SIGCONT. */
    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -%s %s ended with %s".formatted(name, pid(), exit));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending a signal", stopped);
        }
    }

    /** Kills it with SIGKILL, and returns when it is gone and its last line is read. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
