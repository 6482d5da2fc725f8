package dev.runledger.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a suspended run waits for, until when, and how a callback finds it.
 *
 * @param code what kind of wait it is
 * @param reason the same for people; the code by default
 * @param deadline until when, or null for as long as it takes; microseconds
 * @param onDeadline what to do when the deadline has passed; {@link OnDeadline#REPORT} by default
 * @param correlationKey the key by which a callback finds the run, or null; at most 256 characters
 * @param context what the context carriers captured where the run was suspended; empty until then
 */
public record Wait(
        WaitReason code,
        String reason,
        @Nullable Instant deadline,
        OnDeadline onDeadline,
        @Nullable String correlationKey,
        Map<String, String> context) {
    /** What to do with a run whose wait has passed its deadline. */
    public enum OnDeadline {
        /** Say so and go on waiting. */
        REPORT,
        /** End the run as FAILED. */
        FAIL,
        /** End the run as CANCELLED. */
        CANCEL
    }

    /** Checks the parts and cuts the deadline to microseconds. */
    public Wait {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(onDeadline, "onDeadline");
        Require.nullableName("correlationKey", correlationKey, 256);
        deadline = deadline == null ? null : deadline.truncatedTo(ChronoUnit.MICROS);
        context = Map.copyOf(context);
    }

    /** A wait of this kind without a deadline. */
    public static Wait of(WaitReason code) {
        return new Wait(code, code.code(), null, OnDeadline.REPORT, null, Map.of());
    }

    /** The same wait with a text for people. */
    public Wait reason(String reason) {
        return new Wait(code, reason, deadline, onDeadline, correlationKey, context);
    }

    /** The same wait with a deadline and what to do then. */
    public Wait until(Instant deadline, OnDeadline onDeadline) {
        return new Wait(
                code, reason, Objects.requireNonNull(deadline, "deadline"), onDeadline, correlationKey, context);
    }

    /** The same wait, to be found by this key. */
    public Wait correlationKey(String correlationKey) {
        return new Wait(
                code, reason, deadline, onDeadline, Objects.requireNonNull(correlationKey, "correlationKey"), context);
    }

    /** The same wait with what was captured where the run was suspended. */
    public Wait context(Map<String, String> context) {
        return new Wait(code, reason, deadline, onDeadline, correlationKey, context);
    }

    /** Whether both are the same wait asked for twice: same kind, same text, same key. A moved deadline makes no other wait. */
    public boolean isSameAs(Wait other) {
        return code == other.code
                && reason.equals(other.reason)
                && Objects.equals(correlationKey, other.correlationKey);
    }
}
