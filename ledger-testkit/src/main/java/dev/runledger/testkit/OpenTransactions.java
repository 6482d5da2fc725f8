package dev.runledger.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Knows which transactions are open, and which thread began them. Thread-safe. */
final class OpenTransactions {
    /** A transaction of a thread and the line that began it. */
    private record Open(long threadId, @Nullable StackTraceElement line) {}

    private final Map<Object, Open> open = new ConcurrentHashMap<>();

    /** Records that the transaction with this key began on this thread. */
    void begin(Object key) {
        open.put(key, new Open(Thread.currentThread().getId(), HostLine.find()));
    }

    void end(Object key) {
        open.remove(key);
    }

    boolean isOpen(Object key) {
        return open.containsKey(key);
    }

    /** Returns where the open transaction of this thread began, as text, or empty if it has none. */
    Optional<String> ofThisThread() {
        long thread = Thread.currentThread().getId();
        return open.values().stream()
                .filter(each -> each.threadId() == thread)
                .map(each -> String.valueOf(each.line()))
                .findFirst();
    }
}
