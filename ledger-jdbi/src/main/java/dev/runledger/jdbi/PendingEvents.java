package dev.runledger.jdbi;

import dev.runledger.store.RunStore.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps the events of a transaction until it has ended. Nothing that fails here reaches the caller, whose data is committed. Not
 * thread-safe.
 */
final class PendingEvents {
    private List<Pending> waiting = new ArrayList<>();

    /** Looks up which of these events have a row. */
    @FunctionalInterface
    interface LookUp {
        Set<String> stored(List<String> eventIds);
    }

    /** Keeps an event. Returns whether it is the first. */
    boolean add(Pending pending) {
        waiting.add(pending);
        return waiting.size() == 1;
    }

    /** Emits the events after a commit, and drops those that a rollback to a savepoint undid. */
    void committed(LookUp lookUp) {
        List<Pending> ended = taken();
        if (ended.isEmpty()) {
            return;
        }
        Set<String> stored;
        try {
            stored = lookUp.stored(
                    ended.stream().map(Pending::eventId).distinct().toList());
        } catch (RuntimeException unknown) { // an event that may not be stored is not emitted
            ended.forEach(Pending::drop);
            return;
        }
        int emitted = 0;
        for (Pending each : ended) {
            if (stored.contains(each.eventId())) {
                each.emit(emitted++);
            } else {
                each.drop();
            }
        }
    }

    /** Drops the events after a rollback, or if nobody said that there was a commit. */
    void dropped() {
        taken().forEach(Pending::drop);
    }

    /** Returns the events that wait and forgets them first: a sink may make calls that add others. */
    private List<Pending> taken() {
        List<Pending> ended = waiting;
        waiting = new ArrayList<>();
        return ended;
    }
}
