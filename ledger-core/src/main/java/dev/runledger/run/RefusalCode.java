package dev.runledger.run;

import java.util.Locale;

/** Why a dispatch was refused: a small closed set, fit for a metric's tag. */
public enum RefusalCode {
    /** A run of the same project, workflow and target is in flight. */
    IN_FLIGHT,
    /** This workflow and target have seen the delivery before. */
    DUPLICATE_DELIVERY,
    /** The host has no room for the run. */
    CAPACITY,
    /** The workflow or the trigger is switched off. */
    DISABLED,
    /** What was asked for makes no run. */
    INVALID,
    /** A rule of the host forbids the run. */
    POLICY,
    /** Anything else; the reason says what. */
    OTHER;

    /** The code on an event: {@code in_flight}, {@code duplicate_delivery} and so on. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
