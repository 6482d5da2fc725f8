package dev.runledger.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;

/** Reads what a PostgreSQL on this machine has used so far. It keeps one session, so that no session begins or ends in a window. */
final class ServerUse implements AutoCloseable {
    /** The unit of {@code /proc/PID/stat} on Linux is a hundredth of a second on every usual platform. */
    private static final double MICROS_A_TICK = 10_000;

    // Places in /proc/PID/stat after the name of the process, which is in parentheses and may contain blanks.
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int USER_OF_ENDED_CHILDREN = 13;
    private static final int SYSTEM_OF_ENDED_CHILDREN = 14;

    private final Connection connection;
    private final long postmaster;

    private ServerUse(Connection connection, long postmaster) {
        this.connection = connection;
        this.postmaster = postmaster;
    }

    /** What it has used so far. The CPU is no number where there is no {@code /proc}. */
    record Reading(double cpuMicros, long walBytes) {}

    static ServerUse of(DurableServer server) throws SQLException, IOException {
        Connection connection = server.connect();
        Path data = Path.of(DurableServer.ask(connection, "SHOW data_directory"));
        return new ServerUse(
                connection,
                Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                        .get(0)
                        .strip()));
    }

    /** Returns what it has used by now. */
    Reading read() throws SQLException {
        return new Reading(
                cpuMicros(),
                Long.parseLong(DurableServer.ask(connection, "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint")));
    }

    /** Adds up the processes that are there; those that have ended are in what the postmaster collected. */
    private double cpuMicros() {
        ProcessHandle server = ProcessHandle.of(postmaster).orElseThrow();
        try (Stream<ProcessHandle> children = server.children()) {
            double ticks = ticks(postmaster, USER, SYSTEM, USER_OF_ENDED_CHILDREN, SYSTEM_OF_ENDED_CHILDREN);
            return MICROS_A_TICK
                    * (ticks
                            + children.mapToDouble(child -> ticks(child.pid(), USER, SYSTEM))
                                    .filter(child -> !Double.isNaN(child))
                                    .sum());
        }
    }

    private static double ticks(long pid, int... places) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double ticks = 0;
            for (int place : places) {
                ticks += Long.parseLong(fields[place]);
            }
            return ticks;
        } catch (IOException none) {
            return Double.NaN;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
