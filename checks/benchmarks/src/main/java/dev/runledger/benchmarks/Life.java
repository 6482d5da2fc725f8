package dev.runledger.benchmarks;

import dev.runledger.Ledger;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.store.RunStore;
import java.sql.SQLException;
import java.util.List;

/** The life of a run, in one of the ways that are compared: dispatch, start, succeed. */
@FunctionalInterface
interface Life {
    int TRANSITIONS = 3;

    String WORKER = "worker-1";

    /** Lives it from beginning to end; throws unless every transition was applied. */
    void live(String id) throws SQLException;

    /** By the SPI of a store. */
    static Life of(RunStore store) {
        return id -> steps(store, id).forEach(Runnable::run);
    }

    /** The same, transition by transition. */
    static List<Runnable> steps(RunStore store, String id) {
        RunId runId = RunId.of(id);
        return List.of(
                () -> queued(store.dispatch(request(id), null, null)),
                () -> applied(store.apply(Change.start(runId, WORKER))),
                () -> applied(store.apply(Change.succeed(runId))));
    }

    /** By the whole ledger. */
    static Life of(Ledger ledger) {
        return id -> {
            RunId runId = RunId.of(id);
            queued(ledger.dispatch(request(id)));
            applied(ledger.start(runId, WORKER));
            applied(ledger.succeed(runId));
        };
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
