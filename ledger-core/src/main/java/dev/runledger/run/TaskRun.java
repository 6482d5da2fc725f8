package dev.runledger.run;

import dev.runledger.failure.Failure;
import dev.runledger.state.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task, a step of a workflow run, as it stood at one moment. Immutable. */
public final class TaskRun {
    private final NewTask request;
    private final RunId runId;
    private final TaskState state;
    private final long seq;
    private final int execution;
    private final int attempt;
    private final Instant startedAt;
    private final Instant attemptedAt;
    private final Instant changedAt;
    private final @Nullable Result taskResult;
    private final @Nullable Failure failure;
    private final @Nullable String reason;

    private TaskRun(Builder builder) {
        this.request = builder.request;
        this.runId = builder.runId;
        this.state = builder.state;
        this.seq = builder.seq;
        this.execution = builder.execution;
        this.attempt = builder.attempt;
        this.startedAt = Objects.requireNonNull(builder.startedAt, "startedAt");
        this.attemptedAt = Objects.requireNonNull(builder.attemptedAt, "attemptedAt");
        this.changedAt = Objects.requireNonNull(builder.changedAt, "changedAt");
        this.taskResult = builder.result;
        this.failure = builder.failure;
        this.reason = builder.reason;
    }

    /**
     * Starts a task for a store: RUNNING, at its first version and attempt, with all of its times at one instant.
     *
     * @param request what was asked for, with its id
     * @param runId the run of the task
     * @param at when it started
     */
    public static Builder builder(NewTask request, RunId runId, Instant at) {
        return new Builder(request, runId, at);
    }

    /** Starts a builder with everything that this task has. */
    public Builder toBuilder() {
        return copy(new Builder(request, runId, startedAt));
    }

    private Builder copy(Builder builder) {
        builder.state = state;
        builder.seq = seq;
        builder.execution = execution;
        builder.attempt = attempt;
        builder.attemptedAt = attemptedAt;
        builder.changedAt = changedAt;
        builder.result = taskResult;
        builder.failure = failure;
        builder.reason = reason;
        return builder;
    }

    /** Returns the same task without its input and its output, as in a list. */
    public TaskRun withoutPayloads() {
        if (request.input().isEmpty()
                && (taskResult == null || taskResult.output().isEmpty())) {
            return this;
        }
        return new TaskRun(copy(new Builder(request.withoutInput(), runId, startedAt)))
                .toBuilder()
                        .result(taskResult == null ? null : taskResult.withoutOutput())
                        .build();
    }

    /** Returns what was asked for, with its id. It never changes. */
    public NewTask request() {
        return request;
    }

    /** Returns the id. */
    public TaskId id() {
        return request.id().orElseThrow();
    }

    /** Returns the run of the task. */
    public RunId runId() {
        return runId;
    }

    /** Returns the state; {@link TaskState#ABANDONED} if it was RUNNING when its run ended. */
    public TaskState state() {
        return state;
    }

    /** Returns the version: 1 at first, one more with every transition. */
    public long seq() {
        return seq;
    }

    /** Returns the execution of its run that started this attempt; 0 if the run had not started. */
    public int execution() {
        return execution;
    }

    /** Returns which attempt is or was under way, from 1; 0 for a skipped task. */
    public int attempt() {
        return attempt;
    }

    /** Returns when the first attempt started. */
    public Instant startedAt() {
        return startedAt;
    }

    /** Returns when this attempt started. */
    public Instant attemptedAt() {
        return attemptedAt;
    }

    /** Returns when the task entered its state. */
    public Instant changedAt() {
        return changedAt;
    }

    /** Returns the result of the latest attempt. */
    public Optional<Result> result() {
        return Optional.ofNullable(taskResult);
    }

    /** Returns how the latest attempt failed. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns why the task was skipped. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Returns the time from the start of this attempt to the latest change; never negative. */
    public Duration elapsed() {
        return WorkflowRun.between(attemptedAt, changedAt);
    }

    /** Returns the id of the event that made the task what it is: {@code <taskId>:<taskSeq>}. */
    public String eventId() {
        return eventId(id(), seq);
    }

    /** Returns the id of the event of a task at this version: {@code <taskId>:<taskSeq>}. */
    public static String eventId(TaskId id, long seq) {
        return id.value() + ':' + seq;
    }

    private List<@Nullable Object> parts() {
        return Arrays.asList(
                request,
                runId,
                state,
                seq,
                execution,
                attempt,
                startedAt,
                attemptedAt,
                changedAt,
                taskResult,
                failure,
                reason);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskRun that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return Objects.hash(id(), seq);
    }

    @Override
    public String toString() {
        return "TaskRun[%s %s of run %s, %s, attempt %s, seq %s]"
                .formatted(request.name(), id(), runId, state, attempt, seq);
    }

    /**
     * The result of an attempt of a task. Immutable: each setter returns a copy.
     *
     * @param output what the task made
     * @param exitCode the exit code of a tool
     * @param outputBytes how many bytes a tool printed
     * @param statusCode the HTTP status that the called system answered, from 100 to 599
     * @param timedOut whether the attempt ran out of time
     */
    public record Result(
            Optional<Payload> output,
            Optional<Integer> exitCode,
            Optional<Long> outputBytes,
            Optional<Integer> statusCode,
            boolean timedOut) {
        private static final Result NOTHING =
                new Result(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

        /**
         * Checks the status.
         *
         * @throws IllegalArgumentException if it is not from 100 to 599
         */
        public Result {
            if (statusCode.isPresent() && !Failure.isStatusCode(statusCode.get())) {
                throw new IllegalArgumentException(
                        "statusCode is %s, expected an HTTP status from 100 to 599".formatted(statusCode.get()));
            }
        }

        /** Returns a result that says no more than that the attempt is over. */
        public static Result nothing() {
            return NOTHING;
        }

        /** Returns the result of a task that made something. */
        public static Result of(Payload output) {
            return NOTHING.output(output);
        }

        /** Returns the result of a tool: its exit code and how many bytes it printed. */
        public static Result tool(int exitCode, long outputBytes) {
            return NOTHING.exitCode(exitCode).outputBytes(outputBytes);
        }

        /** Returns the same result with what the task made. Default: nothing. */
        public Result output(Payload output) {
            return new Result(Optional.of(output), exitCode, outputBytes, statusCode, timedOut);
        }

        /** Returns the same result with the exit code of a tool. Default: none. */
        public Result exitCode(int exitCode) {
            return new Result(output, Optional.of(exitCode), outputBytes, statusCode, timedOut);
        }

        /** Returns the same result with how many bytes a tool printed. Default: unknown. */
        public Result outputBytes(long outputBytes) {
            return new Result(output, exitCode, Optional.of(outputBytes), statusCode, timedOut);
        }

        /**
         * Returns the same result with the HTTP status that the called system answered. Default: none; if an attempt fails with an error of a
         * well-known HTTP client, the ledger takes the status from it.
         *
         * @throws IllegalArgumentException if it is not from 100 to 599
         */
        public Result statusCode(int statusCode) {
            return new Result(output, exitCode, outputBytes, Optional.of(statusCode), timedOut);
        }

        /** Returns the same result of an attempt that ran out of time. */
        public Result ranOutOfTime() {
            return new Result(output, exitCode, outputBytes, statusCode, true);
        }

        private Result withoutOutput() {
            return new Result(Optional.empty(), exitCode, outputBytes, statusCode, timedOut);
        }
    }

    /** Builds a {@link TaskRun}, for stores. Not thread-safe. A null clears what may be absent. */
    public static final class Builder {
        private final NewTask request;
        private final RunId runId;
        private TaskState state = TaskState.RUNNING;
        private long seq = 1;
        private int execution;
        private int attempt = 1;
        private Instant startedAt;
        private Instant attemptedAt;
        private Instant changedAt;
        private @Nullable Result result;
        private @Nullable Failure failure;
        private @Nullable String reason;

        private Builder(NewTask request, RunId runId, Instant at) {
            if (request.id().isEmpty()) {
                throw new IllegalArgumentException("task '%s' has no id, expected one".formatted(request.name()));
            }
            this.request = request;
            this.runId = Objects.requireNonNull(runId, "runId");
            this.startedAt = Objects.requireNonNull(at, "at");
            this.attemptedAt = at;
            this.changedAt = at;
        }

        /** Sets the state. Default: RUNNING. */
        public Builder state(TaskState state) {
            this.state = Objects.requireNonNull(state, "state");
            return this;
        }

        /** Sets the version. Default: 1. */
        public Builder seq(long seq) {
            this.seq = seq;
            return this;
        }

        /** Sets the execution of its run that started this attempt. Default: 0. */
        public Builder execution(int execution) {
            this.execution = execution;
            return this;
        }

        /** Sets the number of the attempt; 0 for a skipped task. Default: 1. */
        public Builder attempt(int attempt) {
            this.attempt = attempt;
            return this;
        }

        /** Sets when the first attempt started. */
        public Builder startedAt(Instant startedAt) {
            this.startedAt = startedAt;
            return this;
        }

        /** Sets when this attempt started. */
        public Builder attemptedAt(Instant attemptedAt) {
            this.attemptedAt = attemptedAt;
            return this;
        }

        /** Sets when the task entered its state. */
        public Builder changedAt(Instant changedAt) {
            this.changedAt = changedAt;
            return this;
        }

        /** Sets the result of the latest attempt. Default: none. */
        public Builder result(@Nullable Result result) {
            this.result = result;
            return this;
        }

        /** Sets how the latest attempt failed. Default: it did not. */
        public Builder failure(@Nullable Failure failure) {
            this.failure = failure;
            return this;
        }

        /** Sets why the task was skipped. Default: it was not. */
        public Builder reason(@Nullable String reason) {
            this.reason = reason;
            return this;
        }

        /** Returns the task. */
        public TaskRun build() {
            return new TaskRun(this);
        }
    }
}
