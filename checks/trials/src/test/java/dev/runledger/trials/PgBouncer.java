package dev.runledger.trials;

import dev.runledger.faults.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A real PgBouncer in transaction mode before one server: each transaction of a client gets any of a few connections. */
final class PgBouncer implements AutoCloseable {
    private static final long START_NANOS = 60_000_000_000L;
    private static final DebianProgram PROGRAM = new DebianProgram("pgbouncer", "libc-ares2", "libevent-2.1-7");

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it before the server on this port with so many connections, and returns when it listens; skips the test if there is none. */
    static PgBouncer start(int serverPort, int connections) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("pgbouncer-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = FreePort.outsideTheEphemeralRange();
        Path settings =
                Files.writeString(folder.resolve("pgbouncer.ini"), """
                [databases]
                * = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                ignore_startup_parameters = extra_float_digits
                """.formatted(serverPort, port, connections));
        ProcessBuilder command = isRoot() // as whom it refuses to run
                ? PROGRAM.command("-u", "nobody", settings.toString())
                : PROGRAM.command(settings.toString());
        Path log = folder.resolve("pgbouncer.log");
        Process process =
                command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        PgBouncer bouncer = new PgBouncer(process, port);
        long begun = System.nanoTime();
        while (!bouncer.listens()) {
            if (!process.isAlive() || System.nanoTime() - begun > START_NANOS) {
                bouncer.close();
                throw new IllegalStateException("PgBouncer does not listen: " + Files.readString(log));
            }
            LockSupport.parkNanos(50_000_000);
        }
        return bouncer;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Returns the URL of a database by way of this, given the one of the database itself. */
    String before(String url) {
        return url.replaceFirst(":\\d+/", ":" + port + "/");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
