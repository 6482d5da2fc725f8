package dev.runledger;

import java.util.Locale;

/** What a call on a ledger came to: a small closed set, fit for a metric's tag. */
public enum CallResult {
    /** It changed something. */
    APPLIED,
    /** It had been made before. */
    ALREADY,
    /** It did not fit, or a dispatch was refused. */
    REJECTED,
    /** There is no such run or task. */
    NOT_FOUND,
    /** The store threw. */
    ERROR;

    /** The result as a tag: {@code applied}, {@code already}, {@code rejected}, {@code not found} or {@code error}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
