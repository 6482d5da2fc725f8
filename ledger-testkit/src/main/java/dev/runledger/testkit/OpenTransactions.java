package dev.runledger.testkit;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Knows which transaction each thread used last, and whether it is open. One that has ended hides an older one until it is released: what is
 * emitted in between follows a transaction within another, as with {@code REQUIRES_NEW}, and not the outer one, which is suspended.
 * Thread-safe.
 */
final class OpenTransactions {
    /** A transaction of a thread, when it was used, and the line that began it. */
    private record Used(
            long threadId,
            long when,
            boolean open,
            @Nullable StackTraceElement line) {
        Used again(long now) {
            return new Used(threadId, now, open, line);
        }
    }

    private final Map<Object, Used> used = new ConcurrentHashMap<>();
    private final AtomicLong uses = new AtomicLong();

    /** Records that the transaction with this key began on this thread. */
    void begin(Object key) {
        used.put(key, new Used(Thread.currentThread().getId(), uses.incrementAndGet(), true, HostLine.find()));
    }

    /** Records that the transaction with this key, if it is known, is the one in use. */
    void use(Object key) {
        used.computeIfPresent(key, (same, before) -> before.again(uses.incrementAndGet()));
    }

    /** Records that the transaction with this key was committed or rolled back on this thread. */
    void end(Object key) {
        used.put(key, new Used(Thread.currentThread().getId(), uses.incrementAndGet(), false, null));
    }

    /** Records that nothing follows on this key: the one that the thread used before is in use again. */
    void release(Object key) {
        used.remove(key);
    }

    boolean isOpen(Object key) {
        Used known = used.get(key);
        return known != null && known.open();
    }

    /** Returns where the transaction that this thread used last began, as text, or empty if it is not open. */
    Optional<String> ofThisThread() {
        long thread = Thread.currentThread().getId();
        return used.values().stream()
                .filter(each -> each.threadId() == thread)
                .max(Comparator.comparingLong(Used::when))
                .filter(Used::open)
                .map(each -> String.valueOf(each.line()));
    }
}
