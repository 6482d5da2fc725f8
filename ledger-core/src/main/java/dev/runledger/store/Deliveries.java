package dev.runledger.store;

import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The deliveries that runs in memory were made for. Guarded by the lock of the store. */
final class Deliveries {
    /** Where a delivery was seen; comparable as a guard's key is. */
    private record Key(
            String project, String workflowName, Optional<Target> target, NewRun.Channel channel, String deliveryId)
            implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::deliveryId)
                .thenComparing(Key::project)
                .thenComparing(Key::workflowName)
                .thenComparing(key -> key.target().map(Target::value).orElse(""))
                .thenComparing(Key::channel);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<Key, Set<RunId>> runs = new HashMap<>(); // the oldest first

    /** Returns the run that took the delivery of this request, if it may be taken once. */
    Optional<RunId> takenBy(NewRun request) {
        Key key = request.oncePerDelivery() ? key(request) : null;
        Set<RunId> seen = key == null ? null : runs.get(key);
        return seen == null ? Optional.empty() : seen.stream().findFirst();
    }

    void remember(NewRun request, RunId run) {
        Key key = key(request);
        if (key != null) {
            runs.computeIfAbsent(key, seen -> new LinkedHashSet<>()).add(run);
        }
    }

    void forget(NewRun request, RunId run) {
        Key key = key(request);
        Set<RunId> seen = key == null ? null : runs.get(key);
        if (seen != null && seen.remove(run) && seen.isEmpty()) {
            runs.remove(key);
        }
    }

    private static @Nullable Key key(NewRun run) {
        return run.deliveryId()
                .map(delivery -> new Key(run.project(), run.workflowName(), run.target(), run.channel(), delivery))
                .orElse(null);
    }
}
