package dev.runledger.examples.extending;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.Lifecycle;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what a {@link MapRunStore} keeps, as it stands at that moment. */
final class MapRunHistory implements RunHistory {
    private final Map<RunId, Kept> runs;
    private final Collection<LedgerEvent> refusals;

    MapRunHistory(Map<RunId, Kept> runs, Collection<LedgerEvent> refusals) {
        this.runs = runs;
        this.refusals = refusals;
    }

    /** Returns this: to read a map takes no time. */
    @Override
    public RunHistory within(Duration limit) {
        return this;
    }

    @Override
    public Optional<WorkflowRun> run(RunId runId) {
        return kept(runId).map(Kept::run);
    }

    @Override
    public Optional<String> input(RunId runId) {
        return kept(runId).flatMap(Kept::input);
    }

    @Override
    public Optional<RunState> state(RunId runId) {
        return run(runId).map(WorkflowRun::state);
    }

    // snippet
    @Override
    public Page page(RunQuery query) {
        return Page.of(all(), query);
    }
    // end

    @Override
    public Slice<LedgerEvent> events(RunId runId, Range range) {
        return Slice.of(kept(runId).map(Kept::events).orElse(List.of()), range, LedgerEvent::eventId);
    }

    @Override
    public Slice<TaskRun> tasks(RunId runId, Range range) {
        List<TaskRun> all = kept(runId).stream()
                .flatMap(MapRunHistory::tasks)
                .map(TaskRun::withoutPayloads)
                .toList();
        return Slice.of(all, range, task -> task.id().value());
    }

    @Override
    public Optional<TaskRun> task(TaskId taskId) {
        return runs.values().stream()
                .flatMap(MapRunHistory::tasks)
                .filter(task -> task.id().equals(taskId))
                .findFirst();
    }

    @Override
    public List<WorkflowRun> children(RunId runId) {
        return all().filter(
                        run -> run.request().parentRunId().filter(runId::equals).isPresent())
                .sorted(Comparator.comparing(run -> run.times().queuedAt()))
                .map(WorkflowRun::withoutPayloads)
                .toList();
    }

    @Override
    public Optional<WorkflowRun> waitingFor(String project, String correlationKey) {
        return all().filter(run -> run.state() == RunState.SUSPENDED
                        && run.request().project().equals(project)
                        && run.latestWait()
                                .flatMap(Wait::correlationKey)
                                .filter(correlationKey::equals)
                                .isPresent())
                .min(Comparator.comparing(run -> run.times().changedAt()));
    }

    @Override
    public List<LedgerEvent> refusals(int limit) {
        return refusals.stream().limit(limit).toList();
    }

    private Optional<Kept> kept(RunId runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    private Stream<WorkflowRun> all() {
        return runs.values().stream().map(Kept::run);
    }

    private static Stream<TaskRun> tasks(Kept kept) {
        return kept.tasks().stream()
                .map(task ->
                        Lifecycle.asItReads(task, kept.run().state(), kept.run().execution()));
    }
}
