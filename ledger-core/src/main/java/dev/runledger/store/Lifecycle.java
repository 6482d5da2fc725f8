package dev.runledger.store;

import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.StoreCommand.Head;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a change makes of a run or a task, as pure functions: what stands, a change and a time give a decision. It holds
 * nothing, stores nothing and emits nothing.
 *
 * <p>Made for stores: one that reads a run, decides here, and writes what came of it under a lock needs no rules of its own.
 */
public final class Lifecycle {
    private Lifecycle() {}

    // ---- runs

    /** Returns the run that a dispatch makes. */
    public static WorkflowRun queued(NewRun request, Instant now) {
        return WorkflowRun.builder(request, now).build();
    }

    /**
     * Decides what the change makes of the run as it stands. Repetitions that only stored events can show, by an idempotency key or by
     * the child of a hand-off, are for the store to find first.
     *
     * @param run the run as it stands
     * @param latest the event that made it so
     * @param now the time, in microseconds
     */
    public static Decision decide(WorkflowRun run, WorkflowRunEvent latest, RunChange change, Instant now) {
        Optional<String> unexpected = unexpected(run, change.head());
        if (unexpected.isPresent()) {
            return new Decision.No(unexpected.get());
        }
        RunCommand command = change.command();
        if (isRepetition(run, latest, change)) {
            return new Decision.Already(change.event());
        }
        if (!command.leaves(run.state())) {
            return new Decision.No("%s does not leave %s".formatted(command.call(), run.state()));
        }
        if (change instanceof RunChange.Requeue && run.handedOff()) {
            return new Decision.No("it was handed off");
        }
        if (change instanceof RunChange.Resume resume && !isFor(run.latestWait(), resume.resumption())) {
            return new Decision.No("it waits for another correlation key");
        }
        return new Decision.Next(next(run, change, now));
    }

    /** Returns which expectation of the call no longer stands, or empty if all do. */
    private static Optional<String> unexpected(WorkflowRun run, Head head) {
        String claim = head.expectedClaim().orElse(null);
        if (claim != null && !claim.equals(run.claimToken().orElse(null))) {
            return Optional.of("the claim that was expected no longer has it");
        }
        Long seq = head.expectedSeq().orElse(null);
        return seq == null || seq == run.seq()
                ? Optional.empty()
                : Optional.of("it is at version %s, expected %s".formatted(run.seq(), seq));
    }

    /**
     * Returns why a call is another one than the call that stored this event with its idempotency key, or empty if it is the same: it asks
     * for the same change, and what decides is the same.
     *
     * @param event the type of the stored event
     * @param then the run as that event left it
     * @param childRunId the child of the event if it is a hand-off
     */
    public static Optional<String> difference(
            WorkflowRunEvent event, WorkflowRun then, Optional<RunId> childRunId, RunChange change) {
        if (event != change.event()) {
            return Optional.of("its idempotency key belongs to %s %s".formatted(event.eventName(), then.eventId()));
        }
        boolean same = true;
        if (change instanceof RunChange.Resume resume) {
            same = then.resumption()
                    .flatMap(Resumption::decision)
                    .equals(resume.resumption().decision());
        } else if (change instanceof RunChange.HandOff handOff) {
            same = childRunId.filter(handOff.childId()::equals).isPresent();
        } else if (change instanceof RunChange.Suspend suspend) {
            Wait asked = suspend.newWait();
            same = then.latestWait()
                    .filter(wait ->
                            wait.code() == asked.code() && wait.correlationKey().equals(asked.correlationKey()))
                    .isPresent();
        }
        return same
                ? Optional.empty()
                : Optional.of("its idempotency key belongs to %s, which decided otherwise".formatted(then.eventId()));
    }

    /** Returns why a call on a task is another one than the call that stored this event with its idempotency key, or empty if it is the same. */
    public static Optional<String> difference(TaskRunEvent event, String eventId, TaskChange change) {
        return event == change.event()
                ? Optional.empty()
                : Optional.of("task %s: the idempotency key belongs to %s %s"
                        .formatted(change.taskId(), event.eventName(), eventId));
    }

    /** Decides whether a worker can claim the run as it stands. A claim is no transition: the version stays. */
    public static Decision claim(WorkflowRun run, StoreCommand.ClaimRun claim) {
        if (run.claimToken().filter(claim.head().callId()::equals).isPresent()) {
            return new Decision.Next(run); // by this very call, whose answer was lost
        }
        Optional<String> unexpected = unexpected(run, claim.head());
        if (unexpected.isPresent()) {
            return new Decision.No(unexpected.get());
        }
        if (run.state() != RunState.RUNNING) {
            return new Decision.No("only a RUNNING run can be claimed");
        }
        if (run.handedOff()) {
            return new Decision.No("it was handed off");
        }
        if (run.owner().isPresent()) {
            return new Decision.No("it has an owner");
        }
        return new Decision.Next(run.toBuilder()
                .ownedBy(
                        claim.worker(),
                        claim.head().callId(),
                        claim.head().instance().orElse(null))
                .build());
    }

    /** Returns whether the call asks for what the same call already made. The child of a hand-off is for the store to look up. */
    private static boolean isRepetition(WorkflowRun run, WorkflowRunEvent latest, RunChange change) {
        if (change instanceof RunChange.Start start) {
            return run.state() == RunState.RUNNING
                    && run.owner().filter(start.worker()::equals).isPresent();
        }
        if (change instanceof RunChange.Suspend suspend) {
            return run.state() == RunState.SUSPENDED
                    && run.latestWait().filter(suspend.newWait()::isSameAs).isPresent();
        }
        if (change instanceof RunChange.Resume resume) {
            return run.state() == RunState.RUNNING
                    && run.resumption().isPresent()
                    && run.resumption()
                            .get()
                            .decision()
                            .equals(resume.resumption().decision())
                    && isFor(run.latestWait(), resume.resumption());
        }
        if (change instanceof RunChange.Requeue) {
            return run.state() == RunState.QUEUED && latest == change.event();
        }
        return change.command().isTerminal() && run.state().isTerminal() && latest == change.event();
    }

    private static boolean isFor(Optional<Wait> wait, Resumption resumption) {
        return resumption.correlationKey().isEmpty()
                || wait.flatMap(Wait::correlationKey).equals(resumption.correlationKey());
    }

    /** Returns the run after a change that fits. */
    public static WorkflowRun next(WorkflowRun run, RunChange change, Instant now) {
        RunState state = change.command().enters();
        WorkflowRun.Builder next = run.toBuilder()
                .state(state)
                .seq(run.seq() + 1)
                .times(times(run, state, now))
                .failure(null);
        if (change instanceof RunChange.Start start) {
            next.ownedBy(
                            start.worker(),
                            change.head().callId(),
                            change.head().instance().orElse(null))
                    .execution(run.execution() + 1);
        } else if (change instanceof RunChange.Suspend suspend) {
            next.ownedBy(null, null, null).latestWait(suspend.newWait()).resumption(null);
        } else if (change instanceof RunChange.Resume resume) {
            next.ownedBy(null, null, null).resumption(resume.resumption());
        } else if (change instanceof RunChange.HandOff) {
            next.ownedBy(null, null, null).handedOff(true);
        } else if (change instanceof RunChange.Requeue) {
            next.ownedBy(null, null, null);
        } else if (change instanceof RunChange.Incomplete incomplete) {
            next.reason(incomplete.reason());
        } else if (change instanceof RunChange.Cancel cancel) {
            next.reason(cancel.reason());
        } else if (change instanceof RunChange.Fail fail) {
            failed(next, fail.failure());
        } else if (change instanceof RunChange.EnqueueFailed failed) {
            failed(next, failed.failure());
        }
        return next.build();
    }

    private static void failed(WorkflowRun.Builder next, Failure failure) {
        next.reason(failure.reason()).failure(failure.withoutCause());
    }

    private static WorkflowRun.Times times(WorkflowRun run, RunState state, Instant now) {
        WorkflowRun.Times times = run.times();
        Instant startedAt = times.startedAt().orElse(state == RunState.RUNNING ? now : null);
        Instant suspendedAt = times.suspendedAt().orElse(null);
        Duration suspended = times.suspended();
        if (run.state() == RunState.SUSPENDED && suspendedAt != null && now.isAfter(suspendedAt)) {
            suspended = suspended.plus(Duration.between(suspendedAt, now));
        }
        Duration queueWait = run.state() == RunState.QUEUED && state == RunState.RUNNING
                ? notNegative(Duration.between(times.changedAt(), now))
                : times.queueWait().orElse(null);
        return WorkflowRun.Times.of(
                times.queuedAt(),
                startedAt,
                queueWait,
                state == RunState.SUSPENDED ? now : suspendedAt,
                suspended,
                now);
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** A decision about a change to a run. */
    public sealed interface Decision {
        /**
         * The change fits.
         *
         * @param run the run after the change
         */
        record Next(WorkflowRun run) implements Decision {}

        /**
         * The change was made before: its event is the latest of this type.
         *
         * @param event the type of the event
         */
        record Already(WorkflowRunEvent event) implements Decision {}

        /**
         * The change does not fit.
         *
         * @param why the reason, in words
         */
        record No(String why) implements Decision {}
    }

    // ---- tasks

    /** Returns whether the call asks for what the same call already made of the task. */
    public static boolean isRepetition(TaskRun task, TaskChange change) {
        return switch (change.kind()) {
            case START -> task.attempt() > 0;
            case SUCCEED, FAIL, SKIP -> task.state() == change.kind().enters();
            case RETRY -> false;
        };
    }

    /** Returns why the change does not fit the task, or empty if it does. A repetition is looked for first. */
    public static Optional<String> refusal(@Nullable TaskRun task, TaskChange change, WorkflowRun run) {
        if (run.state().isTerminal()) {
            return Optional.of("task %s: its run %s is %s".formatted(change.taskId(), run.id(), run.state()));
        }
        if (task != null && !task.runId().equals(run.id())) {
            return Optional.of("task %s belongs to another run".formatted(change.taskId()));
        }
        if (task != null && change instanceof TaskChange.End && task.execution() < run.execution()) {
            return Optional.of("task %s was started by execution %s of its run, which is at %s"
                    .formatted(change.taskId(), task.execution(), run.execution()));
        }
        boolean fits = change.kind().isBegin()
                ? task == null
                : task != null && task.state().mayBecome(change.kind().enters());
        return fits
                ? Optional.empty()
                : Optional.of("task %s is %s: %s does not fit"
                        .formatted(
                                change.taskId(),
                                task == null ? "not there" : task.state(),
                                change.event().eventName()));
    }

    /** Returns the task after a change that fits. */
    public static TaskRun next(@Nullable TaskRun task, TaskChange change, WorkflowRun run, Instant now) {
        if (change instanceof TaskChange.Start start) {
            return TaskRun.builder(start.request(), start.runId(), now)
                    .execution(run.execution())
                    .build();
        }
        if (change instanceof TaskChange.Skip skip) {
            return TaskRun.builder(skip.request(), skip.runId(), now)
                    .state(TaskState.SKIPPED)
                    .execution(run.execution())
                    .attempt(0)
                    .reason(skip.reason())
                    .build();
        }
        if (task == null) {
            throw new IllegalArgumentException("task %s is not there: %s does not fit"
                    .formatted(change.taskId(), change.event().eventName()));
        }
        TaskRun.Builder next = task.toBuilder()
                .state(change.kind().enters())
                .seq(task.seq() + 1)
                .changedAt(now)
                .result(change instanceof TaskChange.End end ? end.result() : null)
                .failure(change instanceof TaskChange.Fail fail ? fail.failure().withoutCause() : null);
        if (change instanceof TaskChange.Retry) {
            next.attempt(task.attempt() + 1).attemptedAt(now).execution(run.execution());
        }
        return next.build();
    }

    /**
     * Returns the task as it reads: one left RUNNING by a run that has ended, or by an execution that is over, is ABANDONED.
     *
     * @param run the state of its run
     * @param execution the execution of its run
     */
    public static TaskRun asItReads(TaskRun task, RunState run, int execution) {
        boolean abandoned = task.state() == TaskState.RUNNING && (run.isTerminal() || task.execution() < execution);
        return abandoned ? task.toBuilder().state(TaskState.ABANDONED).build() : task;
    }
}
