package dev.runledger.jdbi;

import dev.runledger.run.NewRun;

/**
 * What of a run decides by which statement it is inserted, so that each text is put together once.
 *
 * @param targeted whether it has a target, and with it a guard
 * @param child whether it has a parent, under whose guard it may work
 * @param once whether its delivery may be taken once
 */
record InsertShape(boolean targeted, boolean child, boolean once) {
    static InsertShape of(NewRun run) {
        return new InsertShape(run.target() != null, run.parentRunId() != null, run.oncePerDelivery());
    }
}
