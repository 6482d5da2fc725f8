package dev.runledger.operations;

import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says what {@link Operations} do with the runs of a workflow that nobody works on, and how long they keep those that have ended. Immutable:
 * each setter returns a copy.
 *
 * <p>By default a run of a lost process fails, a run that waits for a worker is offered to the queue again after a minute, and a run whose
 * process shuts down fails. Everything else is off: how long a run may wait or be RUNNING, ends with children, and retention.
 */
public final class RunPolicy {
    private static final RunPolicy DEFAULTS = new RunPolicy();

    private int executions = 1;
    private Interrupted atShutdown = Interrupted.FAIL;
    private Duration offerAfter = Duration.ofMinutes(1);
    private Optional<Duration> queuedAtMost = Optional.empty();
    private Optional<Duration> runningAtMost = Optional.empty();
    private Optional<ChildFailure> endsWithChildren = Optional.empty();
    private boolean cancelledWithParent;
    private Map<RunState, Duration> kept = Map.of();

    private RunPolicy() {}

    private RunPolicy copy() {
        RunPolicy copy = new RunPolicy();
        copy.executions = executions;
        copy.atShutdown = atShutdown;
        copy.offerAfter = offerAfter;
        copy.queuedAtMost = queuedAtMost;
        copy.runningAtMost = runningAtMost;
        copy.endsWithChildren = endsWithChildren;
        copy.cancelledWithParent = cancelledWithParent;
        copy.kept = kept;
        return copy;
    }

    /** Returns the policy with every default. */
    public static RunPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Returns the same policy for workflows that can begin again: a run of a lost process is requeued until it was started this often, and
     * then fails as {@code worker_lost}. Default: 1, so that it fails at once.
     *
     * @throws IllegalArgumentException if that is not 1 or more
     */
    public RunPolicy executions(int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException("executions is %s, expected 1 or more".formatted(atMost));
        }
        RunPolicy copy = copy();
        copy.executions = atMost;
        return copy;
    }

    /** Returns the same policy with what happens to a run that this process has when {@link Operations#close()} is called. Default: it fails. */
    public RunPolicy atShutdown(Interrupted atShutdown) {
        RunPolicy copy = copy();
        copy.atShutdown = Objects.requireNonNull(atShutdown, "atShutdown");
        return copy;
    }

    /**
     * Returns the same policy with the time after which a run that waits for a worker is handed to the queue once more, QUEUED or resumed. The
     * time doubles with each offer, up to an hour. A worker that gets a run twice starts it once. Default: a minute.
     */
    public RunPolicy offerAfter(Duration offerAfter) {
        RunPolicy copy = copy();
        copy.offerAfter = positive("offerAfter", offerAfter);
        return copy;
    }

    /** Returns the same policy with the longest time in QUEUED, after which the run fails as {@code never_started}. Default: no limit. */
    public RunPolicy queuedAtMost(Duration queuedAtMost) {
        RunPolicy copy = copy();
        copy.queuedAtMost = Optional.of(positive("queuedAtMost", queuedAtMost));
        return copy;
    }

    /**
     * Returns the same policy with the longest time that a run may be RUNNING without a change of its state, after which it fails as {@code
     * out_of_time}. It is not interrupted: its end is rejected. Default: no limit.
     */
    public RunPolicy runningAtMost(Duration runningAtMost) {
        RunPolicy copy = copy();
        copy.runningAtMost = Optional.of(positive("runningAtMost", runningAtMost));
        return copy;
    }

    /**
     * Returns the same policy for runs that hand off and end with their children: SUCCEEDED if all of them did, and else as this says. Default:
     * the application ends them.
     */
    public RunPolicy endsWithChildren(ChildFailure otherwise) {
        RunPolicy copy = copy();
        copy.endsWithChildren = Optional.of(otherwise);
        return copy;
    }

    /** Returns the same policy for runs that are cancelled when their parent was. Default: they go on. */
    public RunPolicy cancelledWithParent() {
        RunPolicy copy = copy();
        copy.cancelledWithParent = true;
        return copy;
    }

    /** Returns the same policy with the time for which runs are kept after their end, whatever it was. Default: for ever. */
    public RunPolicy keep(Duration time) {
        return keep(time, RunState.SUCCEEDED, RunState.INCOMPLETE, RunState.FAILED, RunState.CANCELLED);
    }

    /**
     * Returns the same policy with the time for which runs with these ends are kept. Default: for ever.
     *
     * @throws IllegalArgumentException if a state is no end
     */
    public RunPolicy keep(Duration time, RunState... ends) {
        RunPolicy copy = copy();
        copy.kept = new EnumMap<>(RunState.class);
        copy.kept.putAll(kept);
        for (RunState end : ends) {
            if (!end.isTerminal()) {
                throw new IllegalArgumentException(
                        "ends has %s, expected SUCCEEDED, INCOMPLETE, FAILED or CANCELLED".formatted(end));
            }
            copy.kept.put(end, positive("time", time));
        }
        return copy;
    }

    private static Duration positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("%s is %s, expected more than zero".formatted(name, duration));
        }
        return duration;
    }

    /** Returns how often a run may be started. */
    public int executions() {
        return executions;
    }

    /** Returns what happens to a run when its process shuts down. */
    public Interrupted atShutdown() {
        return atShutdown;
    }

    /** Returns the time after which a run is offered to the queue again. */
    public Duration offerAfter() {
        return offerAfter;
    }

    /** Returns the longest time in QUEUED. */
    public Optional<Duration> queuedAtMost() {
        return queuedAtMost;
    }

    /** Returns the longest time in RUNNING. */
    public Optional<Duration> runningAtMost() {
        return runningAtMost;
    }

    /** Returns how a run ends with its children; empty if it does not. */
    public Optional<ChildFailure> endsWithChildren() {
        return endsWithChildren;
    }

    /** Returns whether a run is cancelled when its parent was. */
    public boolean isCancelledWithParent() {
        return cancelledWithParent;
    }

    /** Returns for how long runs are kept after each end. An end that is missing is kept for ever. */
    public Map<RunState, Duration> kept() {
        return Map.copyOf(kept);
    }

    /** Returns the ends that are kept for the same time, for each time. */
    Map<Duration, Set<RunState>> endsByTime() {
        Map<Duration, Set<RunState>> ends = new TreeMap<>();
        kept.forEach((end, time) -> ends.computeIfAbsent(time, key -> EnumSet.noneOf(RunState.class))
                .add(end));
        return ends;
    }

    @Override
    public String toString() {
        return "RunPolicy" + List.of(executions, atShutdown, offerAfter, queuedAtMost, runningAtMost, kept);
    }

    /** Lists what can happen to a run whose process shuts down. */
    public enum Interrupted {
        /** It fails, as {@code shutdown}. */
        FAIL,
        /** It goes back into its queue. */
        REQUEUE
    }

    /** Lists how a run can end whose children have ended, and not all of them SUCCEEDED. */
    public enum ChildFailure {
        /** It fails. */
        FAIL,
        /** It is INCOMPLETE. */
        INCOMPLETE
    }
}
