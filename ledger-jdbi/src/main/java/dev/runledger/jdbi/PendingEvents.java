package dev.runledger.jdbi;

import dev.runledger.store.RunStore.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a transaction has to tell when it has ended. Nothing that happens here reaches the caller, whose data is committed. */
final class PendingEvents {
    private List<Pending> waiting = new ArrayList<>();

    /** Looks up which of these events have a row. */
    @FunctionalInterface
    interface LookUp {
        Set<String> stored(List<String> eventIds);
    }

    /** Keeps one; true where it is the first. */
    boolean add(Pending pending) {
        waiting.add(pending);
        return waiting.size() == 1;
    }

    /** The transaction is committed: what it kept is told, and what a savepoint undid is dropped. */
    void committed(LookUp lookUp) {
        List<Pending> ended = taken();
        if (ended.isEmpty()) {
            return;
        }
        Set<String> stored;
        try {
            stored = lookUp.stored(
                    ended.stream().map(Pending::eventId).distinct().toList());
        } catch (RuntimeException unknown) { // nothing is told that may never have happened
            ended.forEach(Pending::drop);
            return;
        }
        for (Pending each : ended) {
            if (stored.contains(each.eventId())) {
                each.tell();
            } else {
                each.drop();
            }
        }
    }

    /** The transaction is rolled back, or nobody said what became of it. */
    void dropped() {
        taken().forEach(Pending::drop);
    }

    /** What waits, once: what is told may make calls of its own. */
    private List<Pending> taken() {
        List<Pending> ended = waiting;
        waiting = new ArrayList<>();
        return ended;
    }
}
