package dev.runledger.examples.webhookbot;

import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a bot does with the runs that it left in its database when it ended or died: those that wait for a worker are queued again,
 * those that its own workers were executing are failed as lost, and those whose children have ended meanwhile go on.
 */
final class TakeUp {
    private final Ledger ledger;
    private final Bot bot;
    private final String workerPrefix;

    TakeUp(Ledger ledger, Bot bot, String name) {
        this.ledger = ledger;
        this.bot = bot;
        this.workerPrefix = Workers.prefix(name);
    }

    /** Takes up what is there, the oldest first; returns how many runs that were. */
    int run() throws InterruptedException {
        List<WorkflowRun> left = inFlight();
        for (WorkflowRun run : left) {
            if (run.state() == RunState.RUNNING
                    && run.owner()
                            .filter(owner -> owner.startsWith(workerPrefix))
                            .isPresent()) {
                lost(run);
            }
        }
        List<WorkflowRun> waiting =
                left.stream().filter(TakeUp::waitsForAWorker).toList();
        if (!waiting.isEmpty() && !bot.workers().isStarted()) {
            bot.workers().start();
        }
        for (WorkflowRun run : waiting) {
            bot.workers().enqueueAgain(run.id());
        }
        left.stream()
                .filter(run -> run.state() == RunState.RUNNING && run.handedOff())
                .forEach(this::goOn);
        return left.size();
    }

    private List<WorkflowRun> inFlight() {
        List<WorkflowRun> all = new ArrayList<>();
        RunQuery query = RunQuery.builder()
                .states(RunState.QUEUED, RunState.RUNNING, RunState.SUSPENDED)
                .build();
        RunHistory.Page page = ledger.history().page(query);
        all.addAll(page.runs());
        while (page.next().isPresent()) {
            page = ledger.history().page(query.after(page));
            all.addAll(page.runs());
        }
        Collections.reverse(all);
        return all;
    }

    private static boolean waitsForAWorker(WorkflowRun run) {
        boolean resumed = run.state() == RunState.RUNNING && run.owner().isEmpty() && !run.handedOff();
        return run.state() == RunState.QUEUED || resumed;
    }

    private void lost(WorkflowRun run) {
        Failure failure =
                Failure.of(run.owner().orElseThrow() + " disappeared with the run", Failure.Category.WORKER_LOST);
        if (ledger.fail(run.id(), failure) instanceof Transition.Applied applied) {
            bot.ended(applied.after());
        }
    }

    /** The process may have died between the end of a child and what that meant for its parent. */
    private void goOn(WorkflowRun parent) {
        List<WorkflowRun> children = ledger.history().children(parent.id());
        boolean stillRunning = children.stream().anyMatch(child -> child.state().isInFlight());
        if (!children.isEmpty() && !stillRunning) {
            bot.ended(children.get(children.size() - 1));
        }
    }
}
