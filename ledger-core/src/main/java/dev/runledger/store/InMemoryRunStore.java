package dev.runledger.store;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RefusalCode;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps runs in memory behind one lock, which no caller's code runs under. */
final class InMemoryRunStore implements RunStore, RunHistory {
    private static final int KEPT_REFUSALS = 10_000;

    /** What the in-flight guard is held on. */
    private record GuardKey(String project, String workflowName, Target target) {}

    /** Where a delivery was seen. */
    private record DeliveryKey(
            String project, String workflowName, @Nullable Target target, String deliveryId) {}

    private final InstantSource clock;
    private final int keptEnded;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RunId, KeptRun> runs = new LinkedHashMap<>();
    private final Map<GuardKey, RunId> guards = new HashMap<>();
    private final Map<DeliveryKey, RunId> deliveries = new HashMap<>();
    private final Map<TaskId, KeptRun> tasks = new HashMap<>();
    private final Map<String, List<RunId>> waits = new HashMap<>();
    private final Map<RunId, List<RunId>> children = new HashMap<>(); // of parents that need not be there
    private final ArrayDeque<RunId> ended = new ArrayDeque<>();
    private final ArrayDeque<LedgerEvent> refusals = new ArrayDeque<>();

    InMemoryRunStore(InstantSource clock, int keptEnded) {
        this.clock = Objects.requireNonNull(clock, "clock");
        if (keptEnded < 0) {
            throw new IllegalArgumentException("keptEnded is " + keptEnded + ", expected 0 or more");
        }
        this.keptEnded = keptEnded;
    }

    @Override
    public Dispatch dispatch(NewRun run, @Nullable String transitionId, @Nullable EventFields extra) {
        RunId id = Objects.requireNonNull(run.id(), "run.id");
        return locked(() -> {
            KeptRun same = runs.get(id);
            if (same != null) {
                return new Dispatch.AlreadyQueued(same.run());
            }
            Dispatch.Refused refused = refusal(run);
            if (refused != null) {
                return refused;
            }
            return new Dispatch.Queued(add(run, transitionId, extra));
        });
    }

    private Dispatch.@Nullable Refused refusal(NewRun run) {
        if (run.oncePerDelivery()) {
            RunId seen = deliveries.get(deliveryKey(run));
            if (seen != null) {
                return new Dispatch.Refused(
                        RefusalCode.DUPLICATE_DELIVERY,
                        "delivery %s was seen before, by run %s".formatted(run.deliveryId(), seen),
                        seen);
            }
        }
        GuardKey key = guardKey(run);
        RunId holder = key == null || isUnderParentsGuard(run, key) ? null : guards.get(key);
        if (holder == null) {
            return null;
        }
        return new Dispatch.Refused(
                RefusalCode.IN_FLIGHT,
                "run %s of %s on %s is in flight".formatted(holder, run.workflowName(), run.target()),
                holder);
    }

    private boolean isUnderParentsGuard(NewRun run, GuardKey key) {
        KeptRun parent = run.parentRunId() == null ? null : runs.get(run.parentRunId());
        return parent != null && parent.run().state().isInFlight() && key.equals(guardKey(parent.request()));
    }

    private WorkflowRun add(NewRun run, @Nullable String transitionId, @Nullable EventFields extra) {
        WorkflowRun queued = Lifecycle.queued(run, now());
        GuardKey key = guardKey(run);
        if (key != null && !isUnderParentsGuard(run, key)) {
            guards.put(key, queued.id());
        }
        if (run.deliveryId() != null) {
            deliveries.putIfAbsent(deliveryKey(run), queued.id());
        }
        keep(new KeptRun(queued, transitionId, extra));
        return queued;
    }

    private void keep(KeptRun kept) {
        RunId id = kept.run().id();
        RunId parent = kept.request().parentRunId();
        runs.put(id, kept);
        if (parent != null) {
            children.computeIfAbsent(parent, key -> new ArrayList<>(1)).add(id);
        }
    }

    @Override
    public Transition apply(Change change) {
        return locked(() -> {
            KeptRun kept = runs.get(change.runId());
            if (kept == null) {
                return new Transition.NotFound(change.runId(), change.command());
            }
            Optional<String> repeated = repeated(kept, change);
            if (repeated.isPresent()) {
                return new Transition.AlreadyApplied(kept.run(), repeated.get());
            }
            Decision decision = Lifecycle.decide(kept.run(), kept.latest(), change, now());
            if (decision instanceof Decision.Already already) {
                return new Transition.AlreadyApplied(kept.run(), kept.latestEventId(already.event()));
            }
            if (decision instanceof Decision.No no) {
                return new Transition.Rejected(kept.run(), change.command(), no.why());
            }
            return applied(kept, ((Decision.Next) decision).run(), change);
        });
    }

    private static Optional<String> repeated(KeptRun kept, Change change) {
        Optional<String> sameCall =
                change.transitionId() == null ? Optional.empty() : kept.eventOf(change.transitionId());
        return sameCall.isEmpty() && change.child() != null
                ? kept.handOffTo(Objects.requireNonNull(change.child().id()))
                : sameCall;
    }

    private Transition applied(KeptRun kept, WorkflowRun next, Change change) {
        WorkflowRun child = null;
        if (change.child() != null) {
            NewRun asked = change.child();
            Dispatch.Refused refused = runs.containsKey(asked.id())
                    ? new Dispatch.Refused(RefusalCode.INVALID, "a run " + asked.id() + " exists", asked.id())
                    : refusal(asked);
            if (refused != null) {
                return new Transition.Rejected(
                        kept.run(), change.command(), "the child was refused: " + refused.reason(), refused);
            }
            child = add(asked, null, change.extra());
        }
        RunState before = kept.run().state();
        kept.add(next, change);
        if (before == RunState.SUSPENDED) {
            noLongerWaiting(next);
        }
        if (next.state() == RunState.SUSPENDED
                && next.latestWait() != null
                && next.latestWait().correlationKey() != null) {
            waits.computeIfAbsent(next.latestWait().correlationKey(), key -> new ArrayList<>(1))
                    .add(next.id());
        }
        if (next.state().isTerminal()) {
            ended(kept);
        }
        return new Transition.Applied(next, next.eventId(), child);
    }

    private void noLongerWaiting(WorkflowRun run) {
        String key = run.latestWait() == null ? null : run.latestWait().correlationKey();
        List<RunId> waiting = key == null ? null : waits.get(key);
        if (waiting != null && waiting.remove(run.id()) && waiting.isEmpty()) {
            waits.remove(key);
        }
    }

    private void ended(KeptRun kept) {
        GuardKey key = guardKey(kept.request());
        if (key != null) {
            guards.remove(key, kept.run().id());
        }
        ended.add(kept.run().id());
        if (ended.size() > keptEnded) {
            KeptRun oldest = Objects.requireNonNull(runs.remove(ended.remove()));
            if (oldest.request().deliveryId() != null) {
                deliveries.remove(deliveryKey(oldest.request()), oldest.run().id());
            }
            oldest.taskIds().forEach(tasks::remove);
            noLongerChild(oldest);
        }
    }

    private void noLongerChild(KeptRun kept) {
        RunId parent = kept.request().parentRunId();
        List<RunId> siblings = parent == null ? null : children.get(parent);
        if (siblings != null && siblings.remove(kept.run().id()) && siblings.isEmpty()) {
            children.remove(parent);
        }
    }

    @Override
    public Transition claim(RunId runId, String worker) {
        return locked(() -> {
            KeptRun kept = runs.get(runId);
            if (kept == null) {
                return new Transition.NotFound(runId, RunCommand.START);
            }
            Decision decision = Lifecycle.claim(kept.run(), worker);
            if (decision instanceof Decision.No no) {
                return new Transition.Rejected(kept.run(), RunCommand.START, no.why());
            }
            kept.claimed(((Decision.Next) decision).run());
            return new Transition.Applied(kept.run(), kept.run().eventId(), null);
        });
    }

    @Override
    public TaskTransition apply(TaskChange change) {
        return locked(() -> {
            KeptRun kept = change.runId() == null ? tasks.get(change.taskId()) : runs.get(change.runId());
            if (kept == null) {
                return new TaskTransition.NotFound(
                        change.runId() == null
                                ? "there is no task " + change.taskId()
                                : "there is no run %s to hold task %s".formatted(change.runId(), change.taskId()));
            }
            TaskRun task = kept.task(change.taskId());
            Optional<String> sameCall = change.transitionId() == null
                    ? Optional.empty()
                    : kept.eventOf(change.taskId(), change.transitionId());
            if (task != null && sameCall.isPresent()) {
                return new TaskTransition.AlreadyApplied(kept.asItReads(task), sameCall.get());
            }
            KeptRun holder = tasks.get(change.taskId());
            return applied(kept, task == null && holder != null ? holder.task(change.taskId()) : task, change);
        });
    }

    private TaskTransition applied(KeptRun kept, @Nullable TaskRun task, TaskChange change) {
        TaskRun ours = task != null && task.runId().equals(kept.run().id()) ? task : null;
        if (ours != null && TaskLifecycle.isRepeat(ours, change)) {
            return new TaskTransition.AlreadyApplied(
                    kept.asItReads(ours), kept.latestEventId(ours.id(), change.event()));
        }
        String refusal = TaskLifecycle.refusal(task, change, kept.run());
        if (refusal != null) {
            return new TaskTransition.Rejected(refusal, ours == null ? null : kept.asItReads(ours));
        }
        TaskRun next = TaskLifecycle.next(task, change, now());
        kept.add(next, change);
        tasks.put(next.id(), kept);
        return new TaskTransition.Applied(next, kept.run());
    }

    @Override
    public void refused(LedgerEvent event) {
        locked(() -> {
            refusals.addFirst(event);
            if (refusals.size() > KEPT_REFUSALS) {
                refusals.removeLast();
            }
            return event;
        });
    }

    @Override
    public boolean importRun(WorkflowRun finished) {
        List<Change> changes = Lifecycle.changesOf(finished);
        return locked(() -> {
            if (runs.containsKey(finished.id())) {
                return false;
            }
            WorkflowRun queued =
                    Lifecycle.queued(finished.request(), finished.times().queuedAt());
            KeptRun kept = new KeptRun(queued, null, null);
            if (changes.size() > 1) {
                Instant startedAt = Objects.requireNonNull(finished.times().startedAt());
                WorkflowRun started = Lifecycle.next(queued, changes.get(0), startedAt);
                kept.add(started, changes.get(0));
            }
            kept.add(finished, changes.get(changes.size() - 1));
            keep(kept);
            if (finished.request().deliveryId() != null) {
                deliveries.putIfAbsent(deliveryKey(finished.request()), finished.id());
            }
            ended(kept);
            return true;
        });
    }

    @Override
    public RunHistory history() {
        return this;
    }

    @Override
    public Optional<WorkflowRun> run(RunId runId) {
        return locked(() -> Optional.ofNullable(runs.get(runId)).map(KeptRun::run));
    }

    @Override
    public RunPage page(RunQuery query) {
        return locked(() -> RunPage.of(runs.values().stream().map(KeptRun::run), query));
    }

    @Override
    public List<LedgerEvent> events(RunId runId) {
        return locked(() -> {
            KeptRun kept = runs.get(runId);
            return kept == null ? List.of() : kept.events();
        });
    }

    @Override
    public List<TaskRun> tasks(RunId runId) {
        return locked(() -> {
            KeptRun kept = runs.get(runId);
            return kept == null ? List.of() : kept.tasks();
        });
    }

    @Override
    public Optional<TaskRun> task(TaskId taskId) {
        return locked(() -> {
            KeptRun kept = tasks.get(taskId);
            TaskRun task = kept == null ? null : kept.task(taskId);
            return task == null
                    ? Optional.empty()
                    : Optional.of(Objects.requireNonNull(kept).asItReads(task));
        });
    }

    @Override
    public List<WorkflowRun> children(RunId runId) {
        return locked(() -> children.getOrDefault(runId, List.of()).stream()
                .map(id -> Objects.requireNonNull(runs.get(id)).run().withoutPayloads())
                .toList());
    }

    @Override
    public Optional<WorkflowRun> waitingFor(String correlationKey) {
        return locked(() -> {
            List<RunId> waiting = waits.getOrDefault(correlationKey, List.of());
            return waiting.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(runs.get(waiting.get(0))).map(KeptRun::run);
        });
    }

    @Override
    public List<LedgerEvent> refusals(int limit) {
        return locked(() -> refusals.stream().limit(limit).toList());
    }

    @Override
    public RunSnapshot snapshot(Duration failedWithin) {
        return locked(() -> RunSnapshot.of(runs.values().stream().map(KeptRun::run), now(), failedWithin));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable GuardKey guardKey(NewRun run) {
        return run.target() == null ? null : new GuardKey(run.project(), run.workflowName(), run.target());
    }

    private static DeliveryKey deliveryKey(NewRun run) {
        return new DeliveryKey(
                run.project(), run.workflowName(), run.target(), Objects.requireNonNull(run.deliveryId()));
    }
}
