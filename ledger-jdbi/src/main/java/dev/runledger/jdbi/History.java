package dev.runledger.jdbi;

import dev.runledger.event.LedgerEvent;
import dev.runledger.jdbi.Session.Call;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.history.RunStatistics;
import dev.runledger.store.Lifecycle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The read side, on the connections of a session. */
record History(Session session, Reader reader) implements RunHistory {
    @Override
    public Optional<WorkflowRun> run(RunId runId) {
        return session.read(
                new Call("run", runId.value()),
                (handle, attempt) -> reader.run(handle, runId).map(RunColumns.Stored::run));
    }

    @Override
    public RunHistory.Page page(RunQuery query) {
        Objects.requireNonNull(query, "query");
        return session.read(new Call("page", ""), (handle, attempt) -> reader.page(handle, query));
    }

    @Override
    public List<LedgerEvent> events(RunId runId) {
        return session.read(
                new Call("events", runId.value()),
                (handle, attempt) -> reader.run(handle, runId)
                        .map(stored -> reader.events(handle, stored.run(), reader.tasks(handle, runId)))
                        .orElse(List.of()));
    }

    @Override
    public List<TaskRun> tasks(RunId runId) {
        return session.read(
                new Call("tasks", runId.value()),
                (handle, attempt) -> reader.run(handle, runId)
                        .map(stored -> reader.tasks(handle, runId).stream()
                                .map(task -> Lifecycle.asItReads(
                                        task, stored.run().state()))
                                .toList())
                        .orElse(List.of()));
    }

    @Override
    public Optional<TaskRun> task(TaskId taskId) {
        return session.read(
                new Call("task", taskId.value()),
                (handle, attempt) -> reader.task(handle, taskId)
                        .map(task -> reader.run(handle, task.runId())
                                .map(stored -> Lifecycle.asItReads(
                                        task, stored.run().state()))
                                .orElse(task)));
    }

    @Override
    public List<WorkflowRun> children(RunId runId) {
        return session.read(new Call("children", runId.value()), (handle, attempt) -> reader.children(handle, runId));
    }

    @Override
    public Optional<WorkflowRun> waitingFor(String correlationKey) {
        Objects.requireNonNull(correlationKey, "correlationKey");
        return session.read(new Call("waitingFor", ""), (handle, attempt) -> reader.waitingFor(handle, correlationKey));
    }

    @Override
    public List<LedgerEvent> refusals(int limit) {
        return session.read(new Call("refusals", ""), (handle, attempt) -> reader.refusals(handle, limit));
    }

    @Override
    public RunStatistics.Snapshot snapshot(Duration failedWithin) {
        return session.read(new Call("snapshot", ""), (handle, attempt) -> reader.snapshot(handle, failedWithin));
    }
}
