package dev.runledger.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which transactions are open, by the thread that began them. Thread-safe. */
final class OpenTransactions {
    /** A transaction of a thread and the line that began it. */
    private record Open(long threadId, @Nullable StackTraceElement line) {}

    private final Map<Object, Open> open = new ConcurrentHashMap<>();

    /** What is known by this key has begun, on this thread. */
    void begin(Object key) {
        open.put(key, new Open(Thread.currentThread().getId(), HostLine.find()));
    }

    void end(Object key) {
        open.remove(key);
    }

    boolean isOpen(Object key) {
        return open.containsKey(key);
    }

    /** Where the transaction of this thread that is open was begun, as text, or empty where none is. */
    Optional<String> ofThisThread() {
        long thread = Thread.currentThread().getId();
        return open.values().stream()
                .filter(each -> each.threadId() == thread)
                .map(each -> String.valueOf(each.line()))
                .findFirst();
    }
}
