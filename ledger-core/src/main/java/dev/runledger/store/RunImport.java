package dev.runledger.store;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.StoreCommand.Head;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Collects what happened elsewhere to a run and its tasks, for an import: one call for each change, named like the ledger's call in the
 * past tense, with the time of the change. A run may be imported in any state. Not thread-safe.
 *
 * <p>The changes of the run are given in their order, and those of a task in theirs; a task may be given at any point. Times are cut to
 * microseconds. Of changes at the same time, the earlier call comes first, and the end of the run last.
 *
 * <p>A change that does not fit the state machine, or whose time is before that of the change before it, is an {@link
 * IllegalArgumentException} that names the call, the time and the state. The changes of tasks are checked by {@link #toCommand()}.
 */
public final class RunImport {
    private final NewRun request;
    private final Instant queuedAt;
    private final RunId id;
    private final List<Change> changes = new ArrayList<>();
    private WorkflowRun run;
    private WorkflowRunEvent latest = WorkflowRunEvent.QUEUED;

    private RunImport(NewRun request, Instant queuedAt) {
        this.request = Objects.requireNonNull(request, "run");
        this.queuedAt = Objects.requireNonNull(queuedAt, "queuedAt").truncatedTo(ChronoUnit.MICROS);
        this.run = Lifecycle.queued(request, this.queuedAt);
        this.id = run.id();
    }

    /**
     * Starts with a run that was queued at this time.
     *
     * @throws IllegalArgumentException if the run has no id, by which the same import is known again
     */
    public static RunImport of(NewRun run, Instant queuedAt) {
        return new RunImport(run, queuedAt);
    }

    // ---- the run

    /** Adds that the run could not be enqueued: QUEUED to FAILED. */
    public RunImport enqueueFailed(Instant at, Failure failure) {
        return add(new RunChange.EnqueueFailed(id, failure, Head.of()), at);
    }

    /** Adds that a worker took the run, which is a further execution: QUEUED to RUNNING. */
    public RunImport started(Instant at, String worker) {
        return add(new RunChange.Start(id, worker, Head.of()), at);
    }

    /** Adds that the run waited: RUNNING to SUSPENDED. */
    public RunImport suspended(Instant at, Wait newWait) {
        return add(new RunChange.Suspend(id, newWait, Head.of()), at);
    }

    /** Adds that the wait was over: SUSPENDED to RUNNING, without an owner. */
    public RunImport resumed(Instant at, Resumption resumption) {
        return add(new RunChange.Resume(id, resumption, Head.of()), at);
    }

    /** Adds that the execution was over without an outcome: RUNNING to QUEUED. */
    public RunImport requeued(Instant at, String reason) {
        return add(new RunChange.Requeue(id, reason, Head.of()), at);
    }

    /** Adds that this actor put the run back into its queue: RUNNING to QUEUED. */
    public RunImport requeued(Instant at, String reason, String actor) {
        return add(new RunChange.Requeue(id, reason, by(actor)), at);
    }

    /** Adds that a child took over. The child is no part of this import: it is imported after its parent, or dispatched. */
    public RunImport handedOff(Instant at, RunId child) {
        Objects.requireNonNull(child, "child");
        NewRun named = NewRun.of(request.workflowName()).id(child);
        return add(new RunChange.HandOff(id, named, Head.of()), at);
    }

    /** Adds that the work was done: RUNNING to SUCCEEDED. */
    public RunImport succeeded(Instant at) {
        return add(new RunChange.Succeed(id, Head.of()), at);
    }

    /** Adds that the work ended without error and did not reach its goal: RUNNING to INCOMPLETE. */
    public RunImport incomplete(Instant at, String reason) {
        return add(new RunChange.Incomplete(id, reason, Head.of()), at);
    }

    /** Adds that the work failed: QUEUED, RUNNING or SUSPENDED to FAILED. */
    public RunImport failed(Instant at, Failure failure) {
        return add(new RunChange.Fail(id, failure, Head.of()), at);
    }

    /** Adds that the run was cancelled: QUEUED, RUNNING or SUSPENDED to CANCELLED. */
    public RunImport cancelled(Instant at, String reason) {
        return add(new RunChange.Cancel(id, reason, Head.of()), at);
    }

    /** Adds that this actor cancelled the run: QUEUED, RUNNING or SUSPENDED to CANCELLED. */
    public RunImport cancelled(Instant at, String reason, String actor) {
        return add(new RunChange.Cancel(id, reason, by(actor)), at);
    }

    private static Head by(String actor) {
        return Head.of().actor(Objects.requireNonNull(actor, "actor"));
    }

    private RunImport add(RunChange change, Instant at) {
        Change timed = new Change(change, at);
        run = ImportedLife.after(run, latest, change, timed.at());
        latest = change.event();
        changes.add(timed);
        return this;
    }

    // ---- its tasks

    /** Adds a task that was started and was not over; if the run has ended, it reads ABANDONED. The task has an id. */
    public RunImport task(NewTask task, Instant startedAt) {
        return task(task, startedAt, started -> {});
    }

    /** Adds a task that was started, and what came of it. The task has an id. */
    public RunImport task(NewTask task, Instant startedAt, Consumer<Attempts> attempts) {
        Attempts of = new Attempts(identified(task), startedAt);
        Objects.requireNonNull(attempts, "attempts").accept(of);
        return this;
    }

    /** Adds a task that was not needed. The task has an id. */
    public RunImport skipped(NewTask task, Instant at, String reason) {
        identified(task);
        changes.add(new Change(new TaskChange.Skip(id, task, reason, Head.of()), at));
        return this;
    }

    private NewTask identified(NewTask task) {
        if (Objects.requireNonNull(task, "task").id().isEmpty()) {
            throw new IllegalArgumentException(
                    "task '%s' of run %s has no id, expected one".formatted(task.name(), id));
        }
        return task;
    }

    /** Adds what came of the attempts of one task, in the order of their times. Not thread-safe. */
    public final class Attempts {
        private final TaskId task;
        private Instant before;

        private Attempts(NewTask started, Instant at) {
            Change start = new Change(new TaskChange.Start(id, started, Head.of()), at);
            this.task = started.id().orElseThrow();
            this.before = start.at();
            changes.add(start);
        }

        /** Adds that the attempt succeeded. */
        public Attempts succeeded(Instant at) {
            return succeeded(at, TaskRun.Result.nothing());
        }

        /** Adds that the attempt succeeded, with its result. */
        public Attempts succeeded(Instant at, TaskRun.Result result) {
            return add(new TaskChange.Succeed(task, result, Head.of()), at);
        }

        /** Adds that the attempt failed. */
        public Attempts failed(Instant at, Failure failure) {
            return failed(at, failure, TaskRun.Result.nothing());
        }

        /** Adds that the attempt failed, with its result all the same. */
        public Attempts failed(Instant at, Failure failure, TaskRun.Result result) {
            return add(new TaskChange.Fail(task, failure, result, Head.of()), at);
        }

        /** Adds that a further attempt was started. */
        public Attempts retried(Instant at) {
            return add(new TaskChange.Retry(task, Head.of()), at);
        }

        private Attempts add(TaskChange change, Instant at) {
            Change timed = new Change(change, at);
            ImportedLife.requireOrder(timed, before);
            before = timed.at();
            changes.add(timed);
            return this;
        }
    }

    // ---- for the ledger and for stores

    /**
     * Returns the command that imports what was collected so far.
     *
     * @throws IllegalArgumentException if a change of a task does not fit; the message names the call, the time and the task
     */
    public StoreCommand.ImportRun toCommand() {
        List<Change> inOrder = new ArrayList<>(changes);
        inOrder.sort(Comparator.comparing(Change::at).thenComparing(Change::endsTheRun)); // the sort is stable
        return new StoreCommand.ImportRun(request, queuedAt, inOrder, Head.of());
    }

    @Override
    public String toString() {
        return "RunImport[%s, %s changes]".formatted(run, changes.size());
    }

    /**
     * A change of the run or of one of its tasks.
     *
     * @param command a {@link RunChange} or a {@link TaskChange}
     * @param at when, cut to microseconds
     */
    public record Change(StoreCommand<?> command, Instant at) {
        /** Checks that it is a change, and cuts the time. */
        public Change {
            if (!(command instanceof RunChange || command instanceof TaskChange)) {
                throw new IllegalArgumentException(
                        "%s is imported, expected a change of a run or a task".formatted(command.call()));
            }
            at = Objects.requireNonNull(at, "at").truncatedTo(ChronoUnit.MICROS);
        }

        private boolean endsTheRun() {
            return command instanceof RunChange change && change.command().isTerminal();
        }
    }

    /**
     * What the changes made of the run and its tasks.
     *
     * @param queued the run as it was queued
     * @param steps what each change made
     */
    public record Life(WorkflowRun queued, List<Step> steps) {
        /** Copies the steps. */
        public Life {
            Objects.requireNonNull(queued, "queued");
            steps = List.copyOf(steps);
        }

        /** Returns the run as it stands at last. */
        public WorkflowRun run() {
            return steps.isEmpty() ? queued : steps.get(steps.size() - 1).run();
        }

        /** Returns the tasks as they stand at last, in the order of their starts. One left RUNNING is not yet ABANDONED. */
        public List<TaskRun> tasks() {
            return ImportedLife.tasks(steps);
        }
    }

    /**
     * What one change made.
     *
     * @param change the change
     * @param run the run after the change; after one of a task, as it stood
     * @param task the task after the change; empty if it was one of the run
     */
    public record Step(StoreCommand<?> change, WorkflowRun run, Optional<TaskRun> task) {
        /** Checks that the parts are there. */
        public Step {
            Objects.requireNonNull(change, "change");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(task, "task");
        }
    }
}
