package dev.runledger.store;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunTimes;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state machine as a pure function: a run, the event that made it what it is, a change and a time give a decision. Holds
 * nothing, stores nothing, tells nothing.
 *
 * <p>Made for stores: one that reads a run, decides here and writes what came of it under a lock needs no rules of its own.
 */
public final class Lifecycle {
    private Lifecycle() {}

    /** The run that a dispatch makes. */
    public static WorkflowRun queued(NewRun request, Instant now) {
        return new WorkflowRun(
                request, RunState.QUEUED, 1, RunTimes.queuedAt(now), null, false, null, null, null, null);
    }

    /**
     * What the change makes of the run as it stands. Repeats that only a look at the stored events can tell, by transition id or by
     * the child of a hand-off, are the store's to find first.
     *
     * @param run the run as it stands
     * @param latest the event that made it so
     * @param now what time it is, in microseconds
     */
    public static Decision decide(WorkflowRun run, WorkflowRunEvent latest, Change change, Instant now) {
        String fence = change.fence();
        if (fence != null && !fence.equals(run.owner())) {
            return new Decision.No(fence + " does not own it");
        }
        RunCommand command = change.command();
        if (isRepeat(run, latest, change)) {
            return new Decision.Already(change.event());
        }
        if (!command.leaves(run.state())) {
            return new Decision.No("%s does not leave %s".formatted(command.call(), run.state()));
        }
        if (command == RunCommand.RESUME && !isFor(run.latestWait(), Objects.requireNonNull(change.resumption()))) {
            return new Decision.No("it waits for another correlation key");
        }
        return new Decision.Next(next(run, change, now));
    }

    /** The run as a worker claims it, or a refusal. No transition: the version stays. */
    public static Decision claim(WorkflowRun run, String worker) {
        if (run.state() != RunState.RUNNING) {
            return new Decision.No("only a RUNNING run can be claimed");
        }
        if (run.handedOff()) {
            return new Decision.No("it was handed off");
        }
        if (run.owner() != null) {
            return new Decision.No("it has an owner");
        }
        return new Decision.Next(with(run, run.state(), run.seq(), run.times(), worker, run.handedOff()));
    }

    /**
     * The changes by which a run came to its end that was imported: a start where it ever ran, and the end.
     *
     * @throws IllegalArgumentException if the run has not ended, or its version or times do not go with that
     */
    public static List<Change> changesOf(WorkflowRun finished) {
        RunId id = finished.id();
        String reason = Objects.requireNonNullElse(finished.reason(), "");
        Change end = switch (finished.state()) {
            case SUCCEEDED -> Change.succeed(id);
            case INCOMPLETE -> Change.incomplete(id, reason);
            case FAILED -> Change.fail(id, Objects.requireNonNullElseGet(finished.failure(), () -> Failure.of(reason)));
            case CANCELLED -> Change.cancel(id, reason);
            case QUEUED, RUNNING, SUSPENDED ->
                throw new IllegalArgumentException(
                        "run %s is %s: expected one that has ended".formatted(id, finished.state()));
        };
        boolean ran = finished.times().startedAt() != null;
        if (!ran && !end.command().leaves(RunState.QUEUED)) {
            throw new IllegalArgumentException("run %s is %s and has no startedAt: expected the time when it first ran"
                    .formatted(id, finished.state()));
        }
        int expected = ran ? 3 : 2;
        if (finished.seq() != expected) {
            throw new IllegalArgumentException("run %s has seq %d: expected %d, one for each of its events"
                    .formatted(id, finished.seq(), expected));
        }
        return ran
                ? List.of(Change.start(id, Objects.requireNonNullElse(finished.owner(), "unknown")), end)
                : List.of(end);
    }

    /** Whether the call asks for what the same call already made; the child of a hand-off is the store's to look up. */
    private static boolean isRepeat(WorkflowRun run, WorkflowRunEvent latest, Change change) {
        return switch (change.command()) {
            case START -> run.state() == RunState.RUNNING && Objects.equals(run.owner(), change.worker());
            case SUSPEND ->
                run.state() == RunState.SUSPENDED
                        && run.latestWait() != null
                        && run.latestWait().isSameAs(Objects.requireNonNull(change.newWait()));
            case RESUME ->
                run.state() == RunState.RUNNING
                        && run.resumption() != null
                        && isFor(run.latestWait(), Objects.requireNonNull(change.resumption()));
            case ENQUEUE_FAILED, SUCCEED, INCOMPLETE, FAIL, CANCEL ->
                run.state().isTerminal() && latest == change.event();
            case DISPATCH, REFUSE, HAND_OFF -> false;
        };
    }

    private static boolean isFor(@Nullable Wait wait, Resumption resumption) {
        return resumption.correlationKey() == null
                || (wait != null && resumption.correlationKey().equals(wait.correlationKey()));
    }

    /** The run after a change that fits. */
    public static WorkflowRun next(WorkflowRun run, Change change, Instant now) {
        RunState state = change.command().enters().orElseThrow();
        RunTimes times = times(run, state, now);
        boolean handedOff = run.handedOff() || change.command() == RunCommand.HAND_OFF;
        String owner = switch (change.command()) {
            case START -> change.worker();
            case SUSPEND, RESUME, HAND_OFF -> null;
            default -> run.owner();
        };
        WorkflowRun next = with(run, state, run.seq() + 1, times, owner, handedOff);
        Failure failure = change.failure();
        return new WorkflowRun(
                next.request(),
                next.state(),
                next.seq(),
                next.times(),
                next.owner(),
                next.handedOff(),
                change.newWait() != null ? change.newWait() : run.latestWait(),
                change.newWait() != null ? null : change.resumption() != null ? change.resumption() : run.resumption(),
                failure != null ? failure.reason() : change.reason() != null ? change.reason() : run.reason(),
                failure != null ? failure.withoutError() : null);
    }

    private static RunTimes times(WorkflowRun run, RunState state, Instant now) {
        RunTimes times = run.times();
        Duration suspended = times.suspended();
        if (run.state() == RunState.SUSPENDED && times.suspendedAt() != null) {
            Duration wait = Duration.between(times.suspendedAt(), now);
            suspended = wait.isNegative() ? suspended : suspended.plus(wait);
        }
        Instant started = times.startedAt() == null && state == RunState.RUNNING ? now : times.startedAt();
        Instant suspendedAt = state == RunState.SUSPENDED ? now : times.suspendedAt();
        return new RunTimes(times.queuedAt(), started, suspendedAt, suspended, now);
    }

    private static WorkflowRun with(
            WorkflowRun run, RunState state, long seq, RunTimes times, @Nullable String owner, boolean handedOff) {
        return new WorkflowRun(
                run.request(),
                state,
                seq,
                times,
                owner,
                handedOff,
                run.latestWait(),
                run.resumption(),
                run.reason(),
                run.failure());
    }
}
