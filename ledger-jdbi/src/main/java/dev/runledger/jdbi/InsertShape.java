package dev.runledger.jdbi;

import dev.runledger.run.NewRun;

/**
 * The properties of a run that decide by which statement it is inserted, so that each statement is put together once.
 *
 * @param targeted whether it has a target, and so needs a guard
 * @param child whether it has a parent, under whose guard it may work
 * @param once whether its delivery may have one run only
 * @param payloads whether anything stands beside its row
 */
record InsertShape(boolean targeted, boolean child, boolean once, boolean payloads) {
    static InsertShape of(NewRun run) {
        return new InsertShape(
                run.target().isPresent(),
                run.parentRunId().isPresent(),
                run.oncePerDelivery(),
                RunColumns.payloads(run) != 0);
    }

    /** Returns whether the delivery is what two such runs meet at first: one with a target meets the other at the guard. */
    boolean isMetAtDelivery() {
        return once && !targeted;
    }
}
