package dev.runledger.run;

import dev.runledger.state.IllegalTransitionException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a dispatch came to. A value, not an exception: a refusal is ordinary. */
public sealed interface Dispatch {
    /** The run, queued now or before, or an {@link IllegalTransitionException} where there is none to work on. */
    WorkflowRun orElseThrow();

    /**
     * The run exists and waits for a worker.
     *
     * @param run the run as it was queued
     */
    record Queued(WorkflowRun run) implements Dispatch {
        /** Checks the parts. */
        public Queued {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public WorkflowRun orElseThrow() {
            return run;
        }
    }

    /**
     * A run with this id was dispatched before; nothing changed and nothing was told.
     *
     * @param run that run as it stands now
     */
    record AlreadyQueued(WorkflowRun run) implements Dispatch {
        /** Checks the parts. */
        public AlreadyQueued {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public WorkflowRun orElseThrow() {
            return run;
        }
    }

    /**
     * No run was made, and the refusal was told.
     *
     * @param code why, as a code
     * @param reason why, for people
     * @param blocker the run in the way: the one in flight, or the one that saw the delivery; null where it cannot be seen
     */
    record Refused(
            RefusalCode code, String reason, @Nullable RunId blocker) implements Dispatch {
        /** Checks the parts. */
        public Refused {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(reason, "reason");
        }

        /** The run in the way where there is one that can be seen. */
        public Optional<RunId> blockingRun() {
            return Optional.ofNullable(blocker);
        }

        @Override
        public WorkflowRun orElseThrow() {
            throw new IllegalTransitionException("dispatch was refused (%s): %s".formatted(code.code(), reason));
        }
    }

    /**
     * The run was made, the host's enqueue threw, and the run has FAILED.
     *
     * @param run the run as it failed
     * @param cause what the enqueue threw
     */
    record EnqueueFailed(WorkflowRun run, Throwable cause) implements Dispatch {
        /** Checks the parts. */
        public EnqueueFailed {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public WorkflowRun orElseThrow() {
            IllegalTransitionException thrown =
                    new IllegalTransitionException("run %s could not be enqueued".formatted(run.id()));
            thrown.initCause(cause);
            throw thrown;
        }
    }
}
