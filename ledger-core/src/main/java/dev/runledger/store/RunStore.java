package dev.runledger.store;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps runs and their tasks, and decides every change of one against what stands: compare and set, state and event together.
 *
 * <p>Called by the ledger on the host's threads, concurrently. A store tells and logs nothing. It throws {@link StoreException}
 * where it could not store; what does not fit the state machine is a value. Times are the store's own clock's, in microseconds. Whoever writes one
 * extends {@code RunStoreContract} of the testkit.
 */
public interface RunStore {
    /**
     * Makes the run, unless its id is there already, its delivery was seen before and must not be again, or its guard is held.
     * A child on the very project, workflow and target of its parent that is in flight needs no guard of its own.
     *
     * @param run what is asked for, with its id
     * @param transitionId the caller's id for this very call, or null
     * @param extra fields of the host's own on its event, or null
     */
    Dispatch dispatch(NewRun run, @Nullable String transitionId, @Nullable EventFields extra);

    /** Applies the change if it fits, and keeps its event with it; both or neither. */
    Transition apply(Change change);

    /** Gives a run that is RUNNING, unowned and not handed off to this worker. No transition: no version, no event. */
    Transition claim(RunId runId, String worker);

    /** Applies the change to a task if it fits and its run is in flight, and keeps its event with it; both or neither. */
    TaskTransition apply(TaskChange change);

    /** Keeps the event of a refusal, which has no run. */
    void refused(LedgerEvent event);

    /**
     * Keeps a run that ended elsewhere, with its own times and with the events that such a run has: queued, running where it ever
     * ran, and its end. Nothing is told of it. It holds no guard, and a delivery that was seen before does not keep it out: {@code
     * oncePerDelivery} is for a dispatch, and a store need not keep it here.
     *
     * @param finished the run, in a terminal state, at version 3, or 2 where it never ran
     * @return whether it was kept; false where its id is there already
     * @throws IllegalArgumentException if it is no such run
     */
    boolean importRun(WorkflowRun finished);

    /** Reads what is kept. */
    RunHistory history();

    /** A store in memory that keeps the newest 10,000 ended runs, by the system's clock. */
    static RunStore inMemory() {
        return inMemory(InstantSource.system(), 10_000);
    }

    /**
     * A store in memory by this clock, for tests and for hosts that can lose their runs.
     *
     * @param clock what time it is
     * @param keptEnded how many ended runs are kept, the newest; runs in flight are always kept
     */
    static RunStore inMemory(InstantSource clock, int keptEnded) {
        return new InMemoryRunStore(clock, keptEnded);
    }
}
