package dev.runledger.operations;

import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers which waiting runs were offered to the queue, so that the pauses between two offers of a run grow. Another process that takes
 * the sweep over begins anew. Belongs to the sweep.
 */
final class Offers {
    private static final Duration LONGEST = Duration.ofHours(1);

    private record Offer(long seq, Duration age, Duration pause) {}

    private Map<RunId, Offer> offers = new HashMap<>();
    private Map<RunId, Offer> seen = new HashMap<>();

    /**
     * Returns whether a run is to be offered, and remembers it.
     *
     * @param age how long it has waited
     * @param first after what time it is offered first
     */
    boolean isDue(WorkflowRun run, Duration age, Duration first) {
        Offer before = offers.get(run.id());
        if (before == null || before.seq() != run.seq()) {
            boolean due = age.compareTo(first) >= 0;
            if (due) {
                seen.put(run.id(), new Offer(run.seq(), age, first));
            }
            return due;
        }
        boolean due = age.minus(before.age()).compareTo(before.pause()) >= 0;
        seen.put(run.id(), due ? new Offer(run.seq(), age, doubled(before.pause())) : before);
        return due;
    }

    /** Forgets an offer that the queue refused: it is made again with the next pass. */
    void refused(WorkflowRun run) {
        seen.remove(run.id());
    }

    private static Duration doubled(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    }

    /** Forgets the runs that were not seen since this was called last: they do not wait any more. */
    void forgetOthers() {
        offers = seen;
        seen = new HashMap<>();
    }
}
