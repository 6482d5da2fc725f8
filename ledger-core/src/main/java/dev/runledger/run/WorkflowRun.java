package dev.runledger.run;

import dev.runledger.state.RunState;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A workflow run as it stood at one moment. Immutable: a later state is another record.
 *
 * @param request what was asked for at dispatch, with its id; never changes
 * @param state the state
 * @param seq the run's version: 1 when it was dispatched, one more with every transition
 * @param times when it did what
 * @param owner the worker that has it, or null
 * @param handedOff whether it gave its work to a child and is ended by the host
 * @param latestWait its latest wait, or null where it never waited
 * @param resumption what ended that wait, or null while it lasts
 * @param reason why it is INCOMPLETE, FAILED or CANCELLED, or null
 * @param failure how it failed, or null
 */
public record WorkflowRun(
        NewRun request,
        RunState state,
        long seq,
        RunTimes times,
        @Nullable String owner,
        boolean handedOff,
        @Nullable Wait latestWait,
        @Nullable Resumption resumption,
        @Nullable String reason,
        @Nullable Failure failure) {
    /** Checks that the run has an id, a state, its times and a version of at least 1. */
    public WorkflowRun {
        Objects.requireNonNull(request.id(), "request.id");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(times, "times");
        if (seq < 1) {
            throw new IllegalArgumentException("seq is " + seq + ", expected 1 or more");
        }
    }

    /** The run's id. */
    public RunId id() {
        return Objects.requireNonNull(request.id());
    }

    /** Which workflow runs. */
    public String workflowName() {
        return request.workflowName();
    }

    /** What the run works on, or empty. */
    public Optional<Target> target() {
        return Optional.ofNullable(request.target());
    }

    /** When the run ended, or empty while it is in flight. */
    public Optional<Instant> endedAt() {
        return state.isTerminal() ? Optional.of(times.changedAt()) : Optional.empty();
    }

    /** The id of the event that made the run what it is: {@code <runId>:<seq>}. */
    public String eventId() {
        return eventId(id(), seq);
    }

    /** The id of the event that a run told at this version: {@code <runId>:<seq>}. */
    public static String eventId(RunId id, long seq) {
        return id.value() + ':' + seq;
    }

    /** The run as it stands in a list: without the bodies that its trigger and its resumption brought. */
    public WorkflowRun withoutPayloads() {
        Trigger trigger = request.trigger();
        Resumption answer = resumption;
        boolean ofTrigger = trigger != null && trigger.payload() != null;
        boolean ofAnswer = answer != null && answer.payload() != null;
        if (!ofTrigger && !ofAnswer) {
            return this;
        }
        NewRun light = trigger == null || !ofTrigger
                ? request
                : request.toBuilder()
                        .trigger(new Trigger(
                                trigger.name(), trigger.deliveryId(), trigger.actor(), trigger.details(), null))
                        .build();
        Resumption bare = answer == null || !ofAnswer
                ? answer
                : new Resumption(answer.decision(), answer.actor(), null, answer.correlationKey(), answer.context());
        return new WorkflowRun(light, state, seq, times, owner, handedOff, latestWait, bare, reason, failure);
    }
}
