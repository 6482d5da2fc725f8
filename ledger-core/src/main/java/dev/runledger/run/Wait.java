package dev.runledger.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a suspended run waits for, until when, and how a callback finds it. Immutable: each setter returns a copy. */
public final class Wait {
    private final Code code;
    private final String reason;
    private final @Nullable Instant deadline;
    private final OnDeadline onDeadline;
    private final @Nullable String decisionAtDeadline;
    private final @Nullable String correlationKey;
    private final Map<String, String> context;

    private Wait(
            Code code,
            String reason,
            @Nullable Instant deadline,
            OnDeadline onDeadline,
            @Nullable String decisionAtDeadline,
            @Nullable String correlationKey,
            Map<String, String> context) {
        this.code = Objects.requireNonNull(code, "code");
        this.reason = Objects.requireNonNull(reason, "reason");
        this.deadline = deadline == null ? null : deadline.truncatedTo(ChronoUnit.MICROS);
        this.onDeadline = Objects.requireNonNull(onDeadline, "onDeadline");
        this.decisionAtDeadline = decisionAtDeadline;
        this.correlationKey = Require.nullableName("correlationKey", correlationKey, 256);
        this.context = Map.copyOf(Objects.requireNonNull(context, "context"));
    }

    /** Returns a wait of this kind without a deadline. */
    public static Wait of(Code code) {
        return new Wait(
                Objects.requireNonNull(code, "code"), code.code(), null, OnDeadline.REPORT, null, null, Map.of());
    }

    /** Returns the same wait with a text for people. Default: the code. */
    public Wait reason(String reason) {
        return new Wait(code, reason, deadline, onDeadline, decisionAtDeadline, correlationKey, context);
    }

    /** Returns the same wait with a deadline, in microseconds, and what to do then. Default: no deadline. */
    public Wait until(Instant deadline, OnDeadline onDeadline) {
        return new Wait(
                code, reason, Objects.requireNonNull(deadline, "deadline"), onDeadline, null, correlationKey, context);
    }

    /**
     * Returns the same wait with a deadline, in microseconds, at which the run is resumed with this decision of 1 to 128 characters: {@code
     * "expired"}, for example.
     *
     * @throws IllegalArgumentException if the decision does not fit; the message says why
     */
    public Wait resumeAt(Instant deadline, String decision) {
        return new Wait(
                code,
                reason,
                Objects.requireNonNull(deadline, "deadline"),
                OnDeadline.RESUME,
                Require.name("decision", Objects.requireNonNull(decision, "decision"), 128),
                correlationKey,
                context);
    }

    /**
     * Returns the same wait with the key by which a callback finds the run; at most 256 characters. Default: none.
     *
     * @throws IllegalArgumentException if the key does not fit; the message says why
     */
    public Wait correlationKey(String correlationKey) {
        return new Wait(
                code,
                reason,
                deadline,
                onDeadline,
                decisionAtDeadline,
                Objects.requireNonNull(correlationKey, "correlationKey"),
                context);
    }

    /** Returns the same wait with what the context carriers captured where the run was suspended. The ledger sets it. */
    public Wait context(Map<String, String> context) {
        return new Wait(code, reason, deadline, onDeadline, decisionAtDeadline, correlationKey, context);
    }

    /** Returns the kind of the wait. */
    public Code code() {
        return code;
    }

    /** Returns the text for people. */
    public String reason() {
        return reason;
    }

    /** Returns the deadline; empty for a wait without an end. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** Returns what to do when the deadline has passed; {@link OnDeadline#REPORT} by default. */
    public OnDeadline onDeadline() {
        return onDeadline;
    }

    /** Returns the decision with which the run is resumed at the deadline; empty for one that is not resumed, or without a decision. */
    public Optional<String> decisionAtDeadline() {
        return Optional.ofNullable(decisionAtDeadline);
    }

    /** Returns the key by which a callback finds the run. */
    public Optional<String> correlationKey() {
        return Optional.ofNullable(correlationKey);
    }

    /** Returns what the context carriers captured where the run was suspended. */
    public Map<String, String> context() {
        return context;
    }

    /** Returns whether both are the same wait asked for twice: same kind, text and key. A moved deadline makes no other wait. */
    public boolean isSameAs(Wait other) {
        return code == Objects.requireNonNull(other, "other").code
                && reason.equals(other.reason)
                && Objects.equals(correlationKey, other.correlationKey);
    }

    private List<@Nullable Object> parts() {
        return Arrays.asList(code, reason, deadline, onDeadline, decisionAtDeadline, correlationKey, context);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Wait that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Returns ids, sizes and references: no text of a caller and no body. */
    @Override
    public String toString() {
        return "Wait[%s, reason %s, deadline %s, then %s, key %s]"
                .formatted(code, Require.size(reason), deadline, onDeadline, Require.size(correlationKey));
    }

    /** Lists what a suspended run can wait for: a small closed set, fit for a metric's tag. */
    public enum Code {
        /** A person has to approve. */
        APPROVAL,
        /** A time has to pass. */
        WAIT,
        /** Another system has to call back. */
        CALLBACK,
        /** A person has to give something other than an approval. */
        INPUT,
        /** A resource or a quota has to become free. */
        RESOURCE,
        /** Anything else; the text says what. */
        OTHER;

        /** Returns the code on an event: {@code approval}, {@code wait}, {@code callback} and so on. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Lists what {@code Operations} do with a run whose wait has passed its deadline. Where none run, the application does it. */
    public enum OnDeadline {
        /** Emit {@code workflow.run.overdue} once, and go on waiting. */
        REPORT,
        /** End the run as FAILED. */
        FAIL,
        /** End the run as CANCELLED. */
        CANCEL,
        /** Resume the run, with the decision that {@link #decisionAtDeadline()} is. */
        RESUME
    }
}
