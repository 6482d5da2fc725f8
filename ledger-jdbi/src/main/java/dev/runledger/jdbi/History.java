package dev.runledger.jdbi;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The read side, on the connections of one session. */
record History(Session session, Reader reader) implements RunHistory, RunStatistics {
    private static <T> Slice<T> nothing() {
        return new Slice<>(List.of(), Optional.empty());
    }

    @Override
    public History within(Duration limit) {
        return new History(session.within(limit), reader);
    }

    @Override
    public Optional<WorkflowRun> run(RunId runId) {
        return session.read(
                new CallName("run", runId.value()),
                handle -> reader.run(handle, runId).map(RunColumns.Stored::run));
    }

    @Override
    public Optional<RunState> state(RunId runId) {
        return session.read(new CallName("state", runId.value()), handle -> reader.state(handle, runId));
    }

    @Override
    public Optional<String> input(RunId runId) {
        return session.read(new CallName("input", runId.value()), handle -> reader.input(handle, runId));
    }

    @Override
    public Page page(RunQuery query) {
        Objects.requireNonNull(query, "query");
        return session.read(CallName.of("page"), handle -> reader.page(handle, query));
    }

    @Override
    public Slice<LedgerEvent> events(RunId runId, Range range) {
        return session.read(
                new CallName("events", runId.value()),
                handle -> reader.run(handle, runId)
                        .map(stored -> reader.events(handle, stored.run(), range))
                        .orElseGet(History::nothing));
    }

    @Override
    public Slice<TaskRun> tasks(RunId runId, Range range) {
        return session.read(
                new CallName("tasks", runId.value()),
                handle -> reader.standing(handle, runId)
                        .map(run -> {
                            Slice<TaskRun> slice = reader.tasks(handle, runId, range);
                            return new Slice<>(
                                    slice.items().stream().map(run::reads).toList(), slice.next());
                        })
                        .orElseGet(History::nothing));
    }

    @Override
    public Optional<TaskRun> task(TaskId taskId) {
        return session.read(
                new CallName("task", taskId.value()),
                handle -> reader.task(handle, taskId)
                        .map(task -> reader.standing(handle, task.runId())
                                .map(run -> run.reads(task))
                                .orElse(task)));
    }

    @Override
    public List<WorkflowRun> children(RunId runId) {
        return session.read(new CallName("children", runId.value()), handle -> reader.children(handle, runId));
    }

    @Override
    public Optional<WorkflowRun> waitingFor(String project, String correlationKey) {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(correlationKey, "correlationKey");
        return session.read(CallName.of("waitingFor"), handle -> reader.waitingFor(handle, project, correlationKey));
    }

    @Override
    public List<LedgerEvent> refusals(int limit) {
        return session.read(CallName.of("refusals"), handle -> reader.refusals(handle, limit));
    }

    @Override
    public Snapshot snapshot(Duration failedWithin) {
        return session.read(CallName.of("snapshot"), handle -> reader.snapshot(handle, failedWithin));
    }
}
