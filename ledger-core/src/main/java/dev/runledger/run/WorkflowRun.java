package dev.runledger.run;

import dev.runledger.failure.Failure;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A workflow run as it stood at one moment. Immutable: a later state is another object. */
public final class WorkflowRun {
    private final RunId id;
    private final NewRun request;
    private final RunState state;
    private final long seq;
    private final Times times;
    private final int execution;
    private final @Nullable String owner;
    private final @Nullable String claimToken;
    private final @Nullable String instance;
    private final boolean handedOff;
    private final @Nullable Wait latestWait;
    private final @Nullable Resumption resumption;
    private final @Nullable String reason;
    private final @Nullable Failure failure;

    private WorkflowRun(Builder builder) {
        this.id = builder.id;
        this.request = builder.request;
        this.state = builder.state;
        this.seq = builder.seq;
        this.times = builder.times;
        this.execution = builder.execution;
        this.owner = builder.owner;
        this.claimToken = builder.claimToken;
        this.instance = builder.instance;
        this.handedOff = builder.handedOff;
        this.latestWait = builder.latestWait;
        this.resumption = builder.resumption;
        this.reason = builder.reason;
        this.failure = builder.failure;
        if (seq < 1) {
            throw new IllegalArgumentException("seq is " + seq + ", expected 1 or more");
        }
    }

    /** Starts a run for a store: QUEUED at this time, at its first version. Throws if the request has no id. */
    public static Builder builder(NewRun request, Instant queuedAt) {
        return new Builder(request, Times.of(queuedAt, null, null, null, Duration.ZERO, queuedAt));
    }

    /** Starts a builder with everything that this run has. */
    public Builder toBuilder() {
        Builder builder = new Builder(request, times);
        builder.state = state;
        builder.seq = seq;
        builder.execution = execution;
        builder.owner = owner;
        builder.claimToken = claimToken;
        builder.instance = instance;
        builder.handedOff = handedOff;
        builder.latestWait = latestWait;
        builder.resumption = resumption;
        builder.reason = reason;
        builder.failure = failure;
        return builder;
    }

    /** Returns what was asked for at dispatch, with its id. It never changes. */
    public NewRun request() {
        return request;
    }

    /** Returns the id. */
    public RunId id() {
        return id;
    }

    /** Returns the workflow. */
    public String workflowName() {
        return request.workflowName();
    }

    /** Returns the target. */
    public Optional<Target> target() {
        return request.target();
    }

    /** Returns the state. */
    public RunState state() {
        return state;
    }

    /** Returns the version: 1 when the run was dispatched, one more with every transition. */
    public long seq() {
        return seq;
    }

    /** Returns when the run did what. */
    public Times times() {
        return times;
    }

    /** Returns when the run ended; empty while it is in flight. */
    public Optional<Instant> endedAt() {
        return state.isTerminal() ? Optional.of(times.changedAt()) : Optional.empty();
    }

    /** Returns how often the run was started: 0 until the first time, more than 1 after a requeue. */
    public int execution() {
        return execution;
    }

    /** Returns the token of the start or claim by which the worker has the run; each start and claim has its own. */
    public Optional<String> claimToken() {
        return Optional.ofNullable(claimToken);
    }

    /** Returns the worker that owns the run. */
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }

    /** Returns the process that started or claimed the run, by its {@code Ledger.instance()}, while the run has an owner. */
    public Optional<String> instance() {
        return Optional.ofNullable(instance);
    }

    /** Returns whether the run gave its work to a child; the application ends it. */
    public boolean handedOff() {
        return handedOff;
    }

    /** Returns the latest wait; empty if the run never waited. */
    public Optional<Wait> latestWait() {
        return Optional.ofNullable(latestWait);
    }

    /** Returns what ended the latest wait; empty while it lasts. */
    public Optional<Resumption> resumption() {
        return Optional.ofNullable(resumption);
    }

    /** Returns why the run is INCOMPLETE, FAILED or CANCELLED. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Returns how the run failed. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns the id of the event that made the run what it is: {@code <runId>:<seq>}. */
    public String eventId() {
        return eventId(id(), seq);
    }

    /** Returns the id of the event of a run at this version. */
    public static String eventId(RunId id, long seq) {
        return id.value() + ':' + seq;
    }

    /** Returns the run as it stands in a list: without the bodies that its trigger and its resumption brought. */
    public WorkflowRun withoutPayloads() {
        boolean ofTrigger = request.trigger().flatMap(Trigger::payload).isPresent();
        if (!ofTrigger && (resumption == null || resumption.payload().isEmpty())) {
            return this;
        }
        Resumption answer = resumption == null ? null : resumption.withoutPayload();
        return toBuilder().request(request.withoutPayload()).resumption(answer).build();
    }

    static Duration between(Instant from, Instant to) {
        Duration duration = Duration.between(from, to);
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private List<@Nullable Object> parts() {
        List<@Nullable Object> owned = Arrays.asList(execution, owner, claimToken, instance, handedOff);
        return Arrays.asList(request, state, seq, times, owned, latestWait, resumption, reason, failure);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WorkflowRun that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return Objects.hash(id(), seq);
    }

    @Override
    public String toString() {
        return "WorkflowRun[" + workflowName() + ' ' + id + ", " + state + ", seq " + seq + ", owner " + owner + ']';
    }

    /** Says when a run did what, by the clock of its store, in microseconds. No duration is negative, whatever the clock did. Immutable. */
    public static final class Times {
        private final Instant queuedAt;
        private final @Nullable Instant startedAt;
        private final @Nullable Duration queueWait;
        private final @Nullable Instant suspendedAt;
        private final Duration suspended;
        private final Instant changedAt;

        private Times(
                Instant queuedAt,
                @Nullable Instant startedAt,
                @Nullable Duration queueWait,
                @Nullable Instant suspendedAt,
                Duration suspended,
                Instant changedAt) {
            this.queuedAt = Objects.requireNonNull(queuedAt, "queuedAt");
            this.startedAt = startedAt;
            this.queueWait = queueWait == null && startedAt != null ? between(queuedAt, startedAt) : queueWait;
            this.suspendedAt = suspendedAt;
            this.suspended = Objects.requireNonNull(suspended, "suspended");
            this.changedAt = Objects.requireNonNull(changedAt, "changedAt");
        }

        /** Returns these times, as their getters say; null for what has not happened, and for a queue wait that follows from the others. */
        public static Times of(
                Instant queuedAt,
                @Nullable Instant startedAt,
                @Nullable Duration queueWait,
                @Nullable Instant suspendedAt,
                Duration suspended,
                Instant changedAt) {
            return new Times(queuedAt, startedAt, queueWait, suspendedAt, suspended, changedAt);
        }

        /** Returns when the run was dispatched. */
        public Instant queuedAt() {
            return queuedAt;
        }

        /** Returns when the run first entered RUNNING. */
        public Optional<Instant> startedAt() {
            return Optional.ofNullable(startedAt);
        }

        /** Returns when the latest wait began. */
        public Optional<Instant> suspendedAt() {
            return Optional.ofNullable(suspendedAt);
        }

        /** Returns how long the waits that are over took together. */
        public Duration suspended() {
            return suspended;
        }

        /** Returns when the run entered its state. */
        public Instant changedAt() {
            return changedAt;
        }

        /** Returns how long the run was queued before it last started; empty if it never ran. */
        public Optional<Duration> queueWait() {
            return Optional.ofNullable(queueWait);
        }

        /** Returns the wall time from the first RUNNING, suspensions included, to the latest change; from dispatch if it never ran. */
        public Duration elapsed() {
            return between(startedAt == null ? queuedAt : startedAt, changedAt);
        }

        /** Returns the time from the beginning of the latest wait to the latest change; zero if there was no wait. */
        public Duration latestWaitDuration() {
            return suspendedAt == null ? Duration.ZERO : between(suspendedAt, changedAt);
        }

        private List<@Nullable Object> parts() {
            return Arrays.asList(queuedAt, startedAt, queueWait, suspendedAt, suspended, changedAt);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Times that && parts().equals(that.parts());
        }

        @Override
        public int hashCode() {
            return parts().hashCode();
        }

        @Override
        public String toString() {
            return "Times[queued " + queuedAt + ", started " + startedAt + ", changed " + changedAt + ']';
        }
    }

    /** Builds a {@link WorkflowRun}, for stores. Not thread-safe. A null clears what may be absent. */
    public static final class Builder {
        private RunId id;
        private NewRun request;
        private Times times;
        private RunState state = RunState.QUEUED;
        private long seq = 1;
        private int execution;
        private @Nullable String owner;
        private @Nullable String claimToken;
        private @Nullable String instance;
        private boolean handedOff;
        private @Nullable Wait latestWait;
        private @Nullable Resumption resumption;
        private @Nullable String reason;
        private @Nullable Failure failure;

        private Builder(NewRun request, Times times) {
            this.id = idOf(request);
            this.request = request.withoutInput();
            this.times = times;
        }

        /** Sets what was asked for, of which the input is not part of the run. It has to have an id. */
        public Builder request(NewRun request) {
            this.id = idOf(request);
            this.request = request.withoutInput();
            return this;
        }

        private static RunId idOf(NewRun request) {
            return request.id()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "a run of '%s' has no id, expected one".formatted(request.workflowName())));
        }

        /** Sets the state. Default: QUEUED. */
        public Builder state(RunState state) {
            this.state = Objects.requireNonNull(state, "state");
            return this;
        }

        /** Sets the version. Default: 1. */
        public Builder seq(long seq) {
            this.seq = seq;
            return this;
        }

        /** Sets when the run did what. */
        public Builder times(Times times) {
            this.times = Objects.requireNonNull(times, "times");
            return this;
        }

        /** Sets how often the run was started. Default: 0. */
        public Builder execution(int execution) {
            this.execution = execution;
            return this;
        }

        /** Sets the worker that owns the run, the token of its start or claim, and its process. Default: none. */
        public Builder ownedBy(@Nullable String owner, @Nullable String claimToken, @Nullable String instance) {
            this.owner = owner;
            this.claimToken = claimToken;
            this.instance = instance;
            return this;
        }

        /** Sets whether the run gave its work to a child. Default: false. */
        public Builder handedOff(boolean handedOff) {
            this.handedOff = handedOff;
            return this;
        }

        /** Sets the latest wait. Default: none. */
        public Builder latestWait(@Nullable Wait latestWait) {
            this.latestWait = latestWait;
            return this;
        }

        /** Sets what ended the latest wait. Default: nothing. */
        public Builder resumption(@Nullable Resumption resumption) {
            this.resumption = resumption;
            return this;
        }

        /** Sets why the run is INCOMPLETE, FAILED or CANCELLED. Default: none. */
        public Builder reason(@Nullable String reason) {
            this.reason = reason;
            return this;
        }

        /** Sets how the run failed. Default: it did not. */
        public Builder failure(@Nullable Failure failure) {
            this.failure = failure;
            return this;
        }

        /** Returns the run. Throws if the version is below 1. */
        public WorkflowRun build() {
            return new WorkflowRun(this);
        }
    }
}
