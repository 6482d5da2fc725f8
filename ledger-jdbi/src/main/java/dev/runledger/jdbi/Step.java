package dev.runledger.jdbi;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * By what a stored event is known when a call is made again.
 *
 * @param seq the version that it made
 * @param event its name
 * @param transitionId the id that the host gave the call, or null
 * @param callId the id that the store gave this very call
 * @param childRunId the run that it handed work to, or null
 */
record Step(
        long seq,
        String event,
        @Nullable String transitionId,
        String callId,
        @Nullable String childRunId) {
    /** The latest of these, or null. */
    static @Nullable Step latest(List<Step> steps, Predicate<Step> which) {
        Step latest = null;
        for (Step step : steps) {
            if (which.test(step)) {
                latest = step;
            }
        }
        return latest;
    }
}
