package dev.runledger.run;

import java.util.Locale;

/** What a suspended run waits for: a small closed set, fit for a metric's tag. */
public enum WaitReason {
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
    /** Anything else; the wait's text says what. */
    OTHER;

    /** The reason's code on an event: {@code approval}, {@code wait}, {@code callback} and so on. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
