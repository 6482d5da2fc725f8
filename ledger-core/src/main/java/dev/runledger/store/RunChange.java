package dev.runledger.store;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import java.time.Duration;
import java.util.Objects;

/** Asks a store to change one run: one record for each entry of {@link RunCommand}. */
public sealed interface RunChange extends StoreCommand<Transition> {
    /** Returns the run. */
    RunId runId();

    /** Returns the entry of the state machine. */
    RunCommand command();

    /** Returns the same change with another head. */
    RunChange with(Head head);

    /** Returns the event of this change. */
    default WorkflowRunEvent event() {
        return WorkflowRunEvent.of(command());
    }

    /** Returns what the event says, given the run as this change left it. */
    default EventFields fields(WorkflowRun after) {
        return ChangeFields.of(this, after);
    }

    /** Returns what {@code workflow.run.queued} says of a run that a dispatch or a hand-off made. */
    static EventFields queuedFields(WorkflowRun queued, Head head) {
        EventFields fields = EventFields.of(queued);
        fields.put(EventField.ACTOR, head.actor().orElse(null));
        return fields.putAll(head.customFields());
    }

    /** Returns what {@code workflow.run.overdue} says of a suspended run that has waited for this long. */
    static EventFields overdueFields(WorkflowRun suspended, Duration waited) {
        return ChangeFields.overdue(suspended, waited);
    }

    /** Returns the same change without the error of its failure, as a store keeps it. */
    default RunChange withoutCause() {
        return this;
    }

    @Override
    default Call call() {
        return Call.of(command());
    }

    @Override
    default String subject() {
        return runId().value();
    }

    @Override
    default Transition on(Handler handler) {
        return handler.change(this);
    }

    /**
     * A worker takes the run.
     *
     * @param runId the run
     * @param worker who takes it
     * @param head what all commands have in common
     */
    record Start(RunId runId, String worker, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Start {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.START;
        }

        @Override
        public Start with(Head head) {
            return new Start(runId, worker, head);
        }
    }

    /**
     * The run waits.
     *
     * @param runId the run
     * @param newWait what it waits for
     * @param head what all commands have in common
     */
    record Suspend(RunId runId, Wait newWait, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Suspend {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(newWait, "newWait");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.SUSPEND;
        }

        @Override
        public Suspend with(Head head) {
            return new Suspend(runId, newWait, head);
        }
    }

    /**
     * The wait is over.
     *
     * @param runId the run
     * @param resumption what ended it
     * @param head what all commands have in common
     */
    record Resume(RunId runId, Resumption resumption, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Resume {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(resumption, "resumption");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.RESUME;
        }

        @Override
        public Resume with(Head head) {
            return new Resume(runId, resumption, head);
        }
    }

    /**
     * The execution is over without an outcome.
     *
     * @param runId the run
     * @param reason why
     * @param head what all commands have in common
     */
    record Requeue(RunId runId, String reason, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Requeue {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.REQUEUE;
        }

        @Override
        public Requeue with(Head head) {
            return new Requeue(runId, reason, head);
        }

        @Override
        public String toString() {
            return "Requeue[run %s, reason %s characters]".formatted(runId, reason.length());
        }
    }

    /**
     * A child takes over.
     *
     * @param runId the run
     * @param child the child, with its id
     * @param head what all commands have in common
     */
    record HandOff(RunId runId, NewRun child, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public HandOff {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(child, "child");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.HAND_OFF;
        }

        @Override
        public HandOff with(Head head) {
            return new HandOff(runId, child, head);
        }

        /** Returns the id of the child. */
        public RunId childId() {
            return child.id().orElseThrow();
        }
    }

    /**
     * The work is done.
     *
     * @param runId the run
     * @param head what all commands have in common
     */
    record Succeed(RunId runId, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Succeed {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.SUCCEED;
        }

        @Override
        public Succeed with(Head head) {
            return new Succeed(runId, head);
        }
    }

    /**
     * The work ended without an error and did not reach its goal.
     *
     * @param runId the run
     * @param reason why
     * @param head what all commands have in common
     */
    record Incomplete(RunId runId, String reason, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Incomplete {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.INCOMPLETE;
        }

        @Override
        public Incomplete with(Head head) {
            return new Incomplete(runId, reason, head);
        }

        @Override
        public String toString() {
            return "Incomplete[run %s, reason %s characters]".formatted(runId, reason.length());
        }
    }

    /**
     * The work failed.
     *
     * @param runId the run
     * @param failure how
     * @param head what all commands have in common
     */
    record Fail(RunId runId, Failure failure, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Fail {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.FAIL;
        }

        @Override
        public Fail with(Head head) {
            return new Fail(runId, failure, head);
        }

        @Override
        public Fail withoutCause() {
            return new Fail(runId, failure.withoutCause(), head);
        }
    }

    /**
     * The run could not be enqueued.
     *
     * @param runId the run
     * @param failure how
     * @param head what all commands have in common
     */
    record EnqueueFailed(RunId runId, Failure failure, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public EnqueueFailed {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.ENQUEUE_FAILED;
        }

        @Override
        public EnqueueFailed with(Head head) {
            return new EnqueueFailed(runId, failure, head);
        }

        @Override
        public EnqueueFailed withoutCause() {
            return new EnqueueFailed(runId, failure.withoutCause(), head);
        }
    }

    /**
     * A person or a program cancelled the run.
     *
     * @param runId the run
     * @param reason why
     * @param head what all commands have in common
     */
    record Cancel(RunId runId, String reason, Head head) implements RunChange {
        /** Checks that the parts are there. */
        public Cancel {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public RunCommand command() {
            return RunCommand.CANCEL;
        }

        @Override
        public Cancel with(Head head) {
            return new Cancel(runId, reason, head);
        }

        @Override
        public String toString() {
            return "Cancel[run %s, reason %s characters]".formatted(runId, reason.length());
        }
    }
}
