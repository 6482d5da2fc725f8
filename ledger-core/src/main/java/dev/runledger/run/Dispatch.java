package dev.runledger.run;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The outcome of a dispatch. A value, not an exception: a refusal is ordinary. */
public sealed interface Dispatch extends CallOutcome {
    /** Returns the run, queued now or before, or throws a {@link RejectedException} if there is none to work on. */
    WorkflowRun orElseThrow();

    /**
     * The run is stored and waits for a worker.
     *
     * @param run the run as it was queued
     */
    record Queued(WorkflowRun run) implements Dispatch {
        /** Checks that the run is there. */
        public Queued {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public Result result() {
            return Result.APPLIED;
        }

        @Override
        public WorkflowRun orElseThrow() {
            return run;
        }
    }

    /**
     * A run with this id was dispatched before. Nothing changed and no event was emitted.
     *
     * @param run that run as it stands now
     */
    record AlreadyQueued(WorkflowRun run) implements Dispatch {
        /** Checks that the run is there. */
        public AlreadyQueued {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public Result result() {
            return Result.ALREADY;
        }

        @Override
        public WorkflowRun orElseThrow() {
            return run;
        }
    }

    /**
     * No run was made. The ledger emitted {@code workflow.run.dispatch_refused}.
     *
     * @param code the reason as a code
     * @param reason the reason for people
     * @param blocker the run in the way: the one in flight, or the one that had the delivery; empty if it cannot be seen
     */
    record Refused(RefusalCode code, String reason, Optional<RunId> blocker) implements Dispatch {
        /** Checks that the parts are there. */
        public Refused {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(blocker, "blocker");
        }

        /** Makes a refusal that no other run is responsible for. */
        public Refused(RefusalCode code, String reason) {
            this(code, reason, Optional.empty());
        }

        /** Makes a refusal because of another run. */
        public Refused(RefusalCode code, String reason, RunId blocker) {
            this(code, reason, Optional.of(blocker));
        }

        @Override
        public Result result() {
            return Result.REJECTED;
        }

        @Override
        public WorkflowRun orElseThrow() {
            throw new RejectedException("dispatch was refused (%s): %s".formatted(code.code(), reason), this, null);
        }
    }

    /**
     * The run was stored, the queue threw, and the run has FAILED.
     *
     * @param run the run as it failed
     * @param cause what the queue threw
     */
    record EnqueueFailed(WorkflowRun run, Throwable cause) implements Dispatch {
        /** Checks that the parts are there. */
        public EnqueueFailed {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public Result result() {
            return Result.APPLIED;
        }

        @Override
        public WorkflowRun orElseThrow() {
            throw new RejectedException("run %s could not be enqueued".formatted(run.id()), this, cause);
        }
    }

    /** Lists why a dispatch is refused: a small closed set, fit for a metric's tag. */
    enum RefusalCode {
        /** A run of the same project, workflow and target is in flight. */
        IN_FLIGHT,
        /** This workflow and target have had the delivery before. */
        DUPLICATE_DELIVERY,
        /** The application has no room for the run. */
        CAPACITY,
        /** The workflow or the trigger is switched off. */
        DISABLED,
        /** The request makes no valid run. */
        INVALID,
        /** A rule of the application forbids the run. */
        POLICY,
        /** Any other reason; the text says which. */
        OTHER;

        /** Returns the code on an event: {@code in_flight}, {@code duplicate_delivery} and so on. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
