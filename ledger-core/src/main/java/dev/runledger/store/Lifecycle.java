package dev.runledger.store;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunTimes;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state machine as a pure function: a run, the event that made it what it is, a change and a time give a decision. Holds
 * nothing, stores nothing, tells nothing.
 */
final class Lifecycle {
    private Lifecycle() {}

    /** The run that a dispatch makes. */
    static WorkflowRun queued(NewRun request, Instant now) {
        return new WorkflowRun(
                request, RunState.QUEUED, 1, RunTimes.queuedAt(now), null, false, null, null, null, null);
    }

    static Decision decide(WorkflowRun run, WorkflowRunEvent latest, Change change, Instant now) {
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
    static Decision claim(WorkflowRun run, String worker) {
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

    private static WorkflowRun next(WorkflowRun run, Change change, Instant now) {
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
