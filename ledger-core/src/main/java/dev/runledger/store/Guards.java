package dev.runledger.store;

import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.WorkflowRun;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which run in memory holds which guard, and which runs work under it. Guarded by the lock of its store. */
final class Guards {
    /** What a guard is held on. Comparable, so that a map is no slower if somebody chooses targets whose hash codes are the same. */
    private record Key(String project, String workflowName, Target target, NewRun.Channel channel)
            implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::target)
                .thenComparing(Key::project)
                .thenComparing(Key::workflowName)
                .thenComparing(Key::channel);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<Key, RunId> holders = new HashMap<>();
    private final Map<Key, Map<RunId, Instant>> inFlight = new HashMap<>(); // with the times when they were queued

    /** Returns the run that holds the guard that this request needs. */
    Optional<RunId> holder(NewRun request) {
        return key(request).map(holders::get);
    }

    /** Returns whether both need the same guard. */
    static boolean isSame(NewRun one, NewRun other) {
        return key(one).isPresent() && key(one).equals(key(other));
    }

    /** Gives a run its guard, unless it works under that of its parent. */
    void enter(WorkflowRun run, boolean underParent) {
        key(run.request()).ifPresent(key -> {
            if (!underParent) {
                holders.put(key, run.id());
            }
            inFlight.computeIfAbsent(key, guarded -> new LinkedHashMap<>())
                    .put(run.id(), run.times().queuedAt());
        });
    }

    /** Gives the guard of a run that has ended to the run in flight that worked under it and was queued first, or frees it. */
    void leave(WorkflowRun run) {
        key(run.request()).ifPresent(key -> {
            Map<RunId, Instant> others = inFlight.getOrDefault(key, new HashMap<>());
            others.remove(run.id());
            if (others.isEmpty()) {
                inFlight.remove(key);
                holders.remove(key, run.id());
            } else if (run.id().equals(holders.get(key))) {
                RunId next = Collections.min(
                                others.entrySet(), Comparator.comparing(Map.Entry<RunId, Instant>::getValue))
                        .getKey();
                holders.put(key, next);
            }
        });
    }

    private static Optional<Key> key(NewRun run) {
        return run.target().map(target -> new Key(run.project(), run.workflowName(), target, run.channel()));
    }
}
