package dev.runledger.micrometer;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps something for each free name, of which an application can make up any number. Names that find no room share what is kept for
 * {@code other}. Looks up without allocation. Thread-safe.
 *
 * @param <V> what is kept
 */
final class Capped<V> {
    static final String OTHER = "other";

    /** How many names there may be, for all who share it together. */
    static final class Room {
        private static final Logger LOG = LoggerFactory.getLogger(MicrometerSink.class);

        private final String what;
        private final int most;
        private final Counter overflow;
        private final AtomicInteger used = new AtomicInteger();
        private final AtomicBoolean warned = new AtomicBoolean();

        Room(String what, int most, Counter overflow) {
            this.what = what;
            this.most = most;
            this.overflow = overflow;
        }

        private boolean take() {
            if (used.get() < most && used.incrementAndGet() <= most) {
                return true;
            }
            overflow.increment();
            if (warned.compareAndSet(false, true)) {
                LOG.warn("More than {} names of {}: the others are counted as {}", most, what, OTHER);
            }
            return false;
        }
    }

    private final Room room;
    private final Function<String, V> maker;
    private final ConcurrentHashMap<String, V> kept = new ConcurrentHashMap<>();

    Capped(Room room, Function<String, V> maker) {
        this.room = room;
        this.maker = maker;
    }

    /** Returns what is kept for the name, or for {@code other}. */
    V get(String name) {
        V known = kept.get(name);
        return known != null ? known : added(name);
    }

    private synchronized V added(String name) {
        V known = kept.get(name);
        if (known == null) {
            known = room.take() ? kept.computeIfAbsent(name, maker) : kept.computeIfAbsent(OTHER, maker);
        }
        return known;
    }
}
