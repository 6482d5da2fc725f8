package dev.runledger.trials;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The events of calls that returned, as lines of text and back. Thread-safe. */
final class Acknowledged {
    private static final String WORD = "ack ";

    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final AtomicInteger repeated = new AtomicInteger();

    /** Returns the line that acknowledges an event. */
    static String line(String eventId, String state) {
        return WORD + eventId + ' ' + state;
    }

    static boolean isLine(String line) {
        return line.startsWith(WORD);
    }

    /** Reads what an application printed. */
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

    /** Returns the states that the events led to, by event id. */
    Map<String, String> states() {
        return states;
    }

    int size() {
        return states.size();
    }

    /** Counts the events that more than one call has claimed. */
    int repeated() {
        return repeated.get();
    }
}
