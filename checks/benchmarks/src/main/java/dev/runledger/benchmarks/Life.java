package dev.runledger.benchmarks;

import dev.runledger.Ledger;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import java.sql.SQLException;
import java.util.List;

/** The life of a run, in one of the ways that are compared: dispatch, start, succeed. */
@FunctionalInterface
interface Life {
    int TRANSITIONS = 3;

    String WORKER = "worker-1";

    /** Lives the run from beginning to end; throws unless every transition was applied. */
    void live(String id) throws SQLException;

    /** Returns a life by the SPI of a store. */
    static Life of(RunStore store) {
        return id -> steps(store, id).forEach(Runnable::run);
    }

    /** Returns its transitions one by one. */
    static List<Runnable> steps(RunStore store, String id) {
        RunId runId = RunId.of(id);
        return List.of(
                () -> queued(store.apply(new StoreCommand.DispatchRun(request(id), Head.of()))),
                () -> applied(store.apply(new RunChange.Start(runId, WORKER, Head.of()))),
                () -> applied(store.apply(new RunChange.Succeed(runId, Head.of()))));
    }

    /** Returns a life by the whole ledger. */
    static Life of(Ledger ledger) {
        return id -> {
            RunId runId = RunId.of(id);
            queued(ledger.dispatch(request(id)));
            applied(ledger.start(runId, WORKER));
            applied(ledger.succeed(runId));
        };
    }

    /** Lives a run by the whole ledger, and laps after each transition. */
    static void timed(Ledger ledger, String id, Laps laps) {
        RunId runId = RunId.of(id);
        NewRun request = request(id);
        laps.start();
        queued(ledger.dispatch(request));
        laps.lap();
        applied(ledger.start(runId, WORKER));
        laps.lap();
        applied(ledger.succeed(runId));
        laps.lap();
    }

    private static NewRun request(String id) {
        return NewRun.of("review")
                .id(RunId.of(id))
                .project("acme/app")
                .target("acme/app#" + id)
                .trigger(Trigger.of("issue_comment.created").deliveryId("delivery-" + id))
                .taskQueue("webhooks");
    }

    private static void queued(Dispatch dispatch) {
        if (!(dispatch instanceof Dispatch.Queued)) {
            throw new IllegalStateException("not queued: " + dispatch);
        }
    }

    private static void applied(Transition transition) {
        if (!(transition instanceof Transition.Applied)) {
            throw new IllegalStateException("not applied: " + transition);
        }
    }
}
