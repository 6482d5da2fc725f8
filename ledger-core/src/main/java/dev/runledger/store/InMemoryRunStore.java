package dev.runledger.store;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Keeps runs in memory behind one lock, which no caller's code runs under. */
final class InMemoryRunStore implements RunStore, RunHistory, RunStatistics, LeaseStore, RecoveryStore, RetentionStore {
    private final ReentrantLock lock = new ReentrantLock();
    private final RunTable table;
    private final MemoryLeases leases;
    private final MemoryUpkeep upkeep;
    private final byte[] identityKey = new byte[32];

    InMemoryRunStore(InstantSource clock, int keptEnded) {
        Objects.requireNonNull(clock, "clock");
        if (keptEnded < 0) {
            throw new IllegalArgumentException("keptEnded is " + keptEnded + ", expected 0 or more");
        }
        this.table = new RunTable(clock, keptEnded);
        this.leases = new MemoryLeases(table::now);
        this.upkeep = new MemoryUpkeep(table);
        new SecureRandom().nextBytes(identityKey);
    }

    @Override
    public <O extends CallOutcome> O apply(StoreCommand<O> command) {
        return locked(() -> command.on(table));
    }

    @Override
    public byte[] identityKey() {
        return identityKey.clone();
    }

    @Override
    public RunHistory history() {
        return this;
    }

    @Override
    public RunHistory within(Duration limit) {
        return this;
    }

    @Override
    public Optional<WorkflowRun> run(RunId runId) {
        return kept(runId, KeptRun::run);
    }

    @Override
    public Optional<String> input(RunId runId) {
        return kept(runId, kept -> kept).map(KeptRun::input);
    }

    @Override
    public Optional<RunState> state(RunId runId) {
        return kept(runId, kept -> kept.run().state());
    }

    @Override
    public Page page(RunQuery query) {
        return locked(() -> Page.of(runs(), query));
    }

    @Override
    public Slice<LedgerEvent> events(RunId runId, Range range) {
        return Slice.of(kept(runId, KeptRun::events).orElse(List.of()), range, LedgerEvent::eventId);
    }

    @Override
    public Slice<TaskRun> tasks(RunId runId, Range range) {
        return Slice.of(
                kept(runId, KeptRun::tasks).orElse(List.of()),
                range,
                task -> task.id().value());
    }

    @Override
    public Optional<TaskRun> task(TaskId taskId) {
        return locked(() -> {
            KeptRun kept = table.runOfTask(taskId);
            TaskRun task = kept == null ? null : kept.task(taskId);
            return kept == null || task == null ? Optional.empty() : Optional.of(kept.asItReads(task));
        });
    }

    @Override
    public List<WorkflowRun> children(RunId runId) {
        return locked(() -> table.children(runId).stream()
                .map(id -> Objects.requireNonNull(table.run(id)).run().withoutPayloads())
                .toList());
    }

    @Override
    public Optional<WorkflowRun> waitingFor(String project, String correlationKey) {
        return locked(() -> table.waiting(project, correlationKey).stream()
                .findFirst()
                .map(id -> Objects.requireNonNull(table.run(id)).run()));
    }

    @Override
    public List<LedgerEvent> refusals(int limit) {
        return locked(() -> table.refusals(limit));
    }

    @Override
    public Snapshot snapshot(Duration failedWithin) {
        return locked(() -> Snapshot.of(table.counted(), table.now(), failedWithin));
    }

    // ---- upkeep

    @Override
    public boolean lease(String job, String holder, Duration time) {
        return locked(() -> leases.lease(job, holder, time));
    }

    @Override
    public void release(String job, String holder) {
        locked(() -> {
            leases.release(job, holder);
            return true;
        });
    }

    @Override
    public boolean heartbeat(String instance, Duration time) {
        return locked(() -> leases.heartbeat(instance, time));
    }

    @Override
    public List<String> lostInstances() {
        return locked(leases::lostInstances);
    }

    @Override
    public void removeInstance(String instance) {
        locked(() -> {
            leases.removeInstance(instance);
            return true;
        });
    }

    @Override
    public int instances() {
        return locked(leases::instances);
    }

    @Override
    public List<Found> find(Kind kind, Duration age, Optional<RunId> after, int limit) {
        return locked(() -> upkeep.find(kind, age, after, limit));
    }

    @Override
    public List<WorkflowRun> runsOf(String instance, Optional<RunId> after, int limit) {
        return locked(() -> upkeep.runsOf(instance, after, limit));
    }

    @Override
    public boolean reportOverdue(RunId runId, long seq) {
        return locked(() -> upkeep.reportOverdue(runId, seq));
    }

    @Override
    public Expired expired(Rule rule, Optional<String> after, int limit) {
        return locked(() -> upkeep.expired(rule, after, limit));
    }

    @Override
    public Removed remove(List<RunId> runs) {
        return locked(() -> upkeep.remove(runs));
    }

    @Override
    public Removed erase(List<RunId> runs) {
        return locked(() -> upkeep.erase(runs));
    }

    @Override
    public int removeRefusals(Duration age, int limit) {
        return locked(() -> upkeep.removeRefusals(age, limit));
    }

    @Override
    public Set<String> referenced(Collection<String> references) {
        return locked(() -> upkeep.referenced(references));
    }

    private Stream<WorkflowRun> runs() {
        return StreamSupport.stream(table.runs().spliterator(), false).map(KeptRun::run);
    }

    private <T> Optional<T> kept(RunId runId, Function<KeptRun, T> read) {
        return locked(() -> Optional.ofNullable(table.run(runId)).map(read));
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
