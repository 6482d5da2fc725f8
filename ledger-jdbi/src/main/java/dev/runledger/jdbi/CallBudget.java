package dev.runledger.jdbi;

import java.time.Duration;

/**
 * How long a call on the store may take: from its beginning, over all its attempts and all that they wait for.
 *
 * @param time the time of one call
 * @param cut what is cut off when the time is over
 */
record CallBudget(Duration time, Cut cut) {
    static final Duration DEFAULT = Duration.ofSeconds(5);
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration LEAST_TO_MIGRATE = Duration.ofSeconds(30);

    /** Lists what ends the work of a call whose time is over. */
    enum Cut {
        /** The connection, which is one of the store: the pool replaces it. */
        CONNECTION,
        /** A statement, since the connection is that of a transaction of the application. */
        STATEMENT,
        /** Nothing: only another attempt needs time. */
        NOTHING
    }

    /** Returns the budget of a call on a connection of the store. */
    static CallBudget of(Duration time) {
        if (time.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("callBudget is %s, expected %s or more".formatted(time, LEAST));
        }
        return new CallBudget(time, Cut.CONNECTION);
    }

    /** Returns the same budget on a connection of the application. */
    CallBudget lent() {
        return new CallBudget(time, Cut.STATEMENT);
    }

    /** Returns the budget of a migration, which may wait for that of another process, and takes as long as it takes. */
    CallBudget toMigrate() {
        return new CallBudget(time.compareTo(LEAST_TO_MIGRATE) < 0 ? LEAST_TO_MIGRATE : time, Cut.NOTHING);
    }

    /** Returns this budget, or a smaller one. */
    CallBudget atMost(Duration limit) {
        return limit.compareTo(time) < 0 ? new CallBudget(limit, cut) : this;
    }

    /** Begins a call. */
    Attempts begin() {
        return new Attempts(this);
    }
}
