package dev.runledger;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
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
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(correlationKey, "correlationKey");
        return stored.waitingFor(project, identities.correlationKey(correlationKey));
    }

    @Override
    public Optional<WorkflowRun> run(RunId runId) {
        return stored.run(Objects.requireNonNull(runId, "runId"));
    }

    @Override
    public Optional<String> input(RunId runId) {
        return stored.input(Objects.requireNonNull(runId, "runId")).map(payloads::readInput);
    }

    @Override
    public Optional<RunState> state(RunId runId) {
        return stored.state(Objects.requireNonNull(runId, "runId"));
    }

    @Override
    public Slice<LedgerEvent> events(RunId runId, Range range) {
        return stored.events(Objects.requireNonNull(runId, "runId"), Objects.requireNonNull(range, "range"));
    }

    @Override
    public Slice<TaskRun> tasks(RunId runId, Range range) {
        return stored.tasks(Objects.requireNonNull(runId, "runId"), Objects.requireNonNull(range, "range"));
    }

    @Override
    public Optional<TaskRun> task(TaskId taskId) {
        return stored.task(Objects.requireNonNull(taskId, "taskId"));
    }

    @Override
    public List<WorkflowRun> children(RunId runId) {
        return stored.children(Objects.requireNonNull(runId, "runId"));
    }

    @Override
    public List<LedgerEvent> refusals(int limit) {
        return stored.refusals(limit);
    }

    @Override
    public RunHistory within(Duration limit) {
        return new PreparedHistory(stored.within(Objects.requireNonNull(limit, "limit")), identities, payloads);
    }
}
