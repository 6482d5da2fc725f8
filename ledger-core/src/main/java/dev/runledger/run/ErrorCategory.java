package dev.runledger.run;

import java.util.Locale;

/** What kind of failure it is: a small closed set, fit for a metric's tag, by which an operator decides whom to call. */
public enum ErrorCategory {
    /** The other side did not accept who we are or what we may do. */
    AUTHENTICATION,
    /** The other side could not be reached or hung up. */
    CONNECTIVITY,
    /** What came or went did not have the form that was agreed on. */
    SCHEMA,
    /** The other side asked for fewer calls. */
    RATE_LIMIT,
    /** It took longer than it may. */
    TIMEOUT,
    /** Somebody called it off. */
    CANCELLED,
    /** The worker went away with the run. */
    WORKER_LOST,
    /** The code is wrong. */
    BUG,
    /** None of these, or nothing is known. */
    UNKNOWN;

    /** The category's code on an event: {@code authentication}, {@code rate_limit} and so on. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
