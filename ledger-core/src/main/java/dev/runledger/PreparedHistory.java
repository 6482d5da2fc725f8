package dev.runledger;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads what a store keeps. What is looked for is prepared as it was when it was stored, so that it is found by its own text. */
record PreparedHistory(RunHistory stored, Identities identities, Payloads payloads) implements RunHistory {
    @Override
    public Page page(RunQuery query) {
        return stored.page(identities.of(Objects.requireNonNull(query, "query")));
    }

    @Override
    public Optional<WorkflowRun> waitingFor(String project, String correlationKey) {
        Objects.requireNonNull(correlationKey, "correlationKey");
        return stored.waitingFor(project, identities.correlationKey(correlationKey));
    }

    @Override
    public Optional<WorkflowRun> run(RunId runId) {
        return stored.run(runId);
    }

    @Override
    public Optional<String> input(RunId runId) {
        return stored.input(runId).map(payloads::readInput);
    }

    @Override
    public Optional<RunState> state(RunId runId) {
        return stored.state(runId);
    }

    @Override
    public List<LedgerEvent> events(RunId runId) {
        return stored.events(runId);
    }

    @Override
    public List<TaskRun> tasks(RunId runId) {
        return stored.tasks(runId);
    }

    @Override
    public Optional<TaskRun> task(TaskId taskId) {
        return stored.task(taskId);
    }

    @Override
    public List<WorkflowRun> children(RunId runId) {
        return stored.children(runId);
    }

    @Override
    public List<LedgerEvent> refusals(int limit) {
        return stored.refusals(limit);
    }
}
