package dev.runledger.testkit;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the line of the host's code that a call came from: the nearest that is neither the library's nor a framework's. */
final class HostLine {
    /** The library's packages by name, since a host may have a package of its own below {@code dev.runledger}. */
    static final Set<String> LIBRARY = Set.of(
            "dev.runledger",
            "dev.runledger.state",
            "dev.runledger.failure",
            "dev.runledger.redact",
            "dev.runledger.run",
            "dev.runledger.context",
            "dev.runledger.event",
            "dev.runledger.sink",
            "dev.runledger.history",
            "dev.runledger.store",
            "dev.runledger.jdbi",
            "dev.runledger.micrometer",
            "dev.runledger.otel",
            "dev.runledger.testkit");

    private static final String[] NOT_THE_HOSTS = {
        "java.",
        "javax.",
        "jdk.",
        "sun.",
        "com.sun.",
        "org.jdbi.",
        "org.springframework.",
        "com.zaxxer.hikari.",
        "org.hibernate."
    };

    private static final StackWalker WALKER = StackWalker.getInstance();

    private HostLine() {}

    /** The line that this call came from, or null where every frame is the library's or a framework's. */
    static @Nullable StackTraceElement find() {
        return WALKER.walk(HostLine::nearest)
                .map(StackWalker.StackFrame::toStackTraceElement)
                .orElse(null);
    }

    /** The file and line, as a table shows it. */
    static String brief(@Nullable StackTraceElement line) {
        return line == null ? "?" : line.getFileName() + ":" + line.getLineNumber();
    }

    private static Optional<StackWalker.StackFrame> nearest(Stream<StackWalker.StackFrame> frames) {
        return frames.filter(frame -> isTheHosts(frame.getClassName())).findFirst();
    }

    static boolean isTheHosts(String className) {
        int end = className.lastIndexOf('.');
        if (LIBRARY.contains(end < 0 ? "" : className.substring(0, end))) {
            return false;
        }
        for (String prefix : NOT_THE_HOSTS) {
            if (className.startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }
}
