package dev.runledger.testkit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the line of the application that a call came from: the nearest that is neither in the library, nor in a framework, nor in a class
 * that a framework generated in a package of the application.
 */
final class HostLine {
    /** The packages of the library by name: an application may have a package below {@code dev.runledger}. */
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

    private static final List<String> FRAMEWORKS = List.of(
            "java.",
            "javax.",
            "jakarta.",
            "jdk.",
            "sun.",
            "com.sun.",
            "kotlin.",
            "kotlinx.",
            "org.jdbi.",
            "org.springframework.",
            "org.aopalliance.",
            "org.aspectj.",
            "net.bytebuddy.",
            "com.zaxxer.hikari.",
            "org.hibernate.",
            "io.micrometer.",
            "io.opentelemetry.",
            "reactor.",
            "org.junit.",
            "org.assertj.",
            "org.awaitility.",
            "org.mockito.");

    /** What the names of generated classes have in them: CGLIB's, the JDK's, Hibernate's, Byte Buddy's and Mockito's. */
    private static final List<String> GENERATED = List.of(
            "$$SpringCGLIB$$",
            "$$EnhancerBy",
            "$$FastClassBy",
            "$Proxy",
            "$HibernateProxy$",
            "$ByteBuddy$",
            "$MockitoMock$");

    private static final StackWalker WALKER = StackWalker.getInstance();

    private HostLine() {}

    /** Returns the line that this call came from, or null if every frame is in the library or a framework. */
    static @Nullable StackTraceElement find() {
        return WALKER.walk(HostLine::nearest)
                .map(StackWalker.StackFrame::toStackTraceElement)
                .orElse(null);
    }

    /** Returns the file and line, as a table shows it. */
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
        return FRAMEWORKS.stream().noneMatch(className::startsWith)
                && GENERATED.stream().noneMatch(className::contains);
    }
}
