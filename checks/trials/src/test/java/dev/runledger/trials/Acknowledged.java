package dev.runledger.trials;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What calls have answered, as lines of text and back. Safe for use by several threads. */
final class Acknowledged {
    private static final String WORD = "ack ";

    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final AtomicInteger repeated = new AtomicInteger();

    /** The line that acknowledges an event. */
    static String line(String eventId, String state) {
        return WORD + eventId + ' ' + state;
    }

    static boolean isLine(String line) {
        return line.startsWith(WORD);
    }

    /** What a host printed. */
    static Acknowledged of(List<String> lines) {
        Acknowledged all = new Acknowledged();
        for (String line : lines) {
            if (isLine(line)) {
                String[] words = line.split(" ", -1);
                all.add(words[1], words[2]);
            }
        }
        return all;
    }

    void add(String eventId, String state) {
        if (states.put(eventId, state) != null) {
            repeated.incrementAndGet();
        }
    }

    /** The states that the events led to, by the events' ids. */
    Map<String, String> states() {
        return states;
    }

    int size() {
        return states.size();
    }

    /** How many events more than one call has claimed. */
    int repeated() {
        return repeated.get();
    }
}
