package dev.runledger.store;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.store.Lifecycle.Decision;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The runs in memory, their indexes, and what each command does to them. Guarded by the lock of its store. */
final class RunTable implements StoreCommand.Handler {
    private static final int KEPT_REFUSALS = 10_000;

    /** What a callback brings; comparable as a guard's key is. */
    private record WaitKey(String project, String correlationKey) implements Comparable<WaitKey> {
        @Override
        public int compareTo(WaitKey other) {
            int order = correlationKey.compareTo(other.correlationKey);
            return order != 0 ? order : project.compareTo(other.project);
        }
    }

    private final InstantSource clock;
    private final int keptEnded;
    private final Map<RunId, KeptRun> runs = new LinkedHashMap<>();
    private final Guards guards = new Guards();
    private final Deliveries deliveries = new Deliveries();
    private final Map<TaskId, KeptRun> tasks = new HashMap<>();
    private final Map<WaitKey, List<RunId>> waits = new HashMap<>();
    private final Map<RunId, List<RunId>> children = new HashMap<>(); // of parents that need not be there
    private final ArrayDeque<RunId> ended = new ArrayDeque<>();
    private final ArrayDeque<WorkflowRun> removed = new ArrayDeque<>(); // of which only the statistics know
    private final Map<String, LedgerEvent> refusals = new LinkedHashMap<>(); // the oldest first

    RunTable(InstantSource clock, int keptEnded) {
        this.clock = clock;
        this.keptEnded = keptEnded;
    }

    // ---- reads

    Iterable<KeptRun> runs() {
        return runs.values();
    }

    @Nullable
    KeptRun run(RunId id) {
        return runs.get(id);
    }

    @Nullable
    KeptRun runOfTask(TaskId id) {
        return tasks.get(id);
    }

    List<RunId> children(RunId parent) {
        return children.getOrDefault(parent, List.of());
    }

    List<RunId> waiting(String project, String correlationKey) {
        return waits.getOrDefault(new WaitKey(project, correlationKey), List.of());
    }

    List<LedgerEvent> refusals(int limit) {
        List<LedgerEvent> newestFirst = new ArrayList<>(refusals.values());
        Collections.reverse(newestFirst);
        return List.copyOf(newestFirst.subList(0, Math.min(limit, newestFirst.size())));
    }

    /** Returns the runs that statistics count: those that are there, and those that were removed. */
    Stream<WorkflowRun> counted() {
        return Stream.concat(runs.values().stream().map(KeptRun::run), removed.stream());
    }

    int removeRefusals(Instant until, int limit) {
        List<String> old = refusals.values().stream()
                .filter(refusal -> !refusal.occurredAt().isAfter(until))
                .limit(limit)
                .map(LedgerEvent::eventId)
                .toList();
        old.forEach(refusals::remove);
        return old.size();
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    // ---- dispatch

    @Override
    public Dispatch dispatch(StoreCommand.DispatchRun command) {
        NewRun run = command.run();
        KeptRun same = runs.get(command.runId());
        if (same != null) {
            return new Dispatch.AlreadyQueued(same.run());
        }
        Dispatch.Refused refused = refusal(run);
        return refused != null ? refused : new Dispatch.Queued(add(run, command.head()));
    }

    private Dispatch.@Nullable Refused refusal(NewRun run) {
        RunId seen = deliveries.takenBy(run).orElse(null);
        if (seen != null) {
            return new Dispatch.Refused(
                    Dispatch.RefusalCode.DUPLICATE_DELIVERY,
                    "delivery %s was seen before, by run %s"
                            .formatted(run.deliveryId().orElseThrow(), seen),
                    seen);
        }
        RunId holder = isUnderParentsGuard(run) ? null : guards.holder(run).orElse(null);
        if (holder == null) {
            return null;
        }
        return new Dispatch.Refused(
                Dispatch.RefusalCode.IN_FLIGHT,
                "run %s of %s on %s is in flight"
                        .formatted(holder, run.workflowName(), run.target().orElseThrow()),
                holder);
    }

    private boolean isUnderParentsGuard(NewRun run) {
        KeptRun parent = run.parentRunId().map(runs::get).orElse(null);
        return parent != null && parent.run().state().isInFlight() && Guards.isSame(run, parent.request());
    }

    private WorkflowRun add(NewRun run, StoreCommand.Head head) {
        WorkflowRun queued = Lifecycle.queued(run, now());
        guards.enter(queued, isUnderParentsGuard(run));
        keep(new KeptRun(queued, head, run.input().orElse(null)));
        return queued;
    }

    private void keep(KeptRun kept) {
        RunId id = kept.run().id();
        runs.put(id, kept);
        deliveries.remember(kept.request(), id);
        kept.request()
                .parentRunId()
                .ifPresent(parent -> children.computeIfAbsent(parent, key -> new ArrayList<>(1))
                        .add(id));
    }

    // ---- changes of a run

    @Override
    public Transition change(RunChange change) {
        KeptRun kept = runs.get(change.runId());
        if (kept == null) {
            return new Transition.NotFound(change.runId(), change.command());
        }
        Optional<Transition> repeated = kept.repeated(change);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        Decision decision = Lifecycle.decide(kept.run(), kept.latest(), change, now());
        if (decision instanceof Decision.Already already) {
            return new Transition.AlreadyApplied(kept.run(), kept.latestEventId(already.event()));
        }
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(kept.run(), change.command(), no.why());
        }
        return applied(kept, ((Decision.Next) decision).run(), change);
    }

    private Transition applied(KeptRun kept, WorkflowRun next, RunChange change) {
        Optional<WorkflowRun> child = Optional.empty();
        if (change instanceof RunChange.HandOff handOff) {
            NewRun asked = handOff.child();
            RunId id = handOff.childId();
            Dispatch.Refused refused = runs.containsKey(id)
                    ? new Dispatch.Refused(Dispatch.RefusalCode.INVALID, "a run " + id + " exists", id)
                    : refusal(asked);
            if (refused != null) {
                return new Transition.Rejected(
                        kept.run(),
                        change.command(),
                        "the child was refused: " + refused.reason(),
                        Optional.of(refused));
            }
            child = Optional.of(add(asked, change.head().idempotencyKey(null)));
        }
        RunState before = kept.run().state();
        kept.add(next, change);
        if (before == RunState.SUSPENDED) {
            noLongerWaiting(next);
        }
        if (change instanceof RunChange.Suspend) {
            nowWaiting(next);
        }
        if (change instanceof RunChange.EnqueueFailed) {
            forgetDelivery(kept); // nobody took it
        }
        if (next.state().isTerminal()) {
            ended(kept);
        }
        return new Transition.Applied(next, child);
    }

    private void nowWaiting(WorkflowRun run) {
        WaitKey key = waitKey(run);
        if (key != null) {
            waits.computeIfAbsent(key, k -> new ArrayList<>(1)).add(run.id());
        }
    }

    private void noLongerWaiting(WorkflowRun run) {
        WaitKey key = waitKey(run);
        List<RunId> waiting = key == null ? null : waits.get(key);
        if (waiting != null && waiting.remove(run.id()) && waiting.isEmpty()) {
            waits.remove(key);
        }
    }

    private void ended(KeptRun kept) {
        guards.leave(kept.run());
        ended.add(kept.run().id());
        if (ended.size() > keptEnded) {
            evict(Objects.requireNonNull(runs.remove(ended.remove())));
        }
    }

    private void forgetDelivery(KeptRun kept) {
        deliveries.forget(kept.request(), kept.run().id());
    }

    private void evict(KeptRun oldest) {
        forgetDelivery(oldest);
        forget(oldest);
    }

    /** Removes a run that has ended. Its end stays for the statistics if it is remembered, and its delivery if that may be taken once. */
    void remove(KeptRun kept, boolean remembered) {
        runs.remove(kept.run().id());
        ended.remove(kept.run().id());
        if (remembered) {
            removed.add(kept.run().withoutPayloads());
            if (removed.size() > keptEnded) {
                removed.remove();
            }
        }
        if (!remembered || !kept.request().oncePerDelivery()) {
            forgetDelivery(kept);
        }
        forget(kept);
    }

    private void forget(KeptRun oldest) {
        oldest.taskIds().forEach(tasks::remove);
        RunId parent = oldest.request().parentRunId().orElse(null);
        List<RunId> siblings = parent == null ? null : children.get(parent);
        if (siblings != null && siblings.remove(oldest.run().id()) && siblings.isEmpty()) {
            children.remove(parent);
        }
    }

    @Override
    public Transition claim(StoreCommand.ClaimRun command) {
        KeptRun kept = runs.get(command.runId());
        if (kept == null) {
            return new Transition.NotFound(command.runId(), RunCommand.START);
        }
        Decision decision = Lifecycle.claim(kept.run(), command);
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(kept.run(), RunCommand.START, no.why());
        }
        kept.claimed(((Decision.Next) decision).run());
        return new Transition.Applied(kept.run());
    }

    // ---- changes of a task

    @Override
    public TaskTransition change(TaskChange change) {
        KeptRun kept = change instanceof TaskChange.Begin begin ? runs.get(begin.runId()) : tasks.get(change.taskId());
        if (kept == null) {
            return new TaskTransition.NotFound(
                    change instanceof TaskChange.Begin begin
                            ? "there is no run %s to hold task %s".formatted(begin.runId(), change.taskId())
                            : "there is no task " + change.taskId());
        }
        TaskRun task = kept.task(change.taskId());
        Optional<TaskTransition> repeated = task == null ? Optional.empty() : kept.repeated(task, change);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        KeptRun holder = tasks.get(change.taskId());
        return applied(kept, task == null && holder != null ? holder.task(change.taskId()) : task, change);
    }

    private TaskTransition applied(KeptRun kept, @Nullable TaskRun task, TaskChange change) {
        TaskRun ours = task != null && task.runId().equals(kept.run().id()) ? task : null;
        if (ours != null && Lifecycle.isRepetition(ours, change)) {
            return new TaskTransition.AlreadyApplied(
                    kept.asItReads(ours), kept.latestEventId(ours.id(), change.event()));
        }
        Optional<String> refusal = Lifecycle.refusal(task, change, kept.run());
        if (refusal.isPresent()) {
            return new TaskTransition.Rejected(
                    refusal.get(), Optional.ofNullable(ours).map(kept::asItReads));
        }
        TaskRun next = Lifecycle.next(task, change, kept.run(), now());
        kept.add(next, change);
        tasks.put(next.id(), kept);
        return new TaskTransition.Applied(next, kept.run());
    }

    // ---- refusals and imports

    @Override
    public Dispatch refuse(StoreCommand.RecordRefusal command) {
        refusals.putIfAbsent(command.event().eventId(), command.event());
        if (refusals.size() > KEPT_REFUSALS) {
            refusals.remove(refusals.keySet().iterator().next());
        }
        return command.refusal();
    }

    @Override
    public CallOutcome.Imported importRun(StoreCommand.ImportRun command) {
        RunImport.Life life = command.life();
        WorkflowRun run = life.run();
        KeptRun same = runs.get(run.id());
        if (same != null) {
            return new CallOutcome.Imported.AlreadyThere(same.run());
        }
        CallOutcome.Imported.Refused refused = refusal(life);
        if (refused != null) {
            return refused;
        }
        KeptRun kept = KeptRun.of(command, life);
        if (run.state().isInFlight()) {
            guards.enter(run, isUnderParentsGuard(run.request()));
        }
        keep(kept);
        kept.taskIds().forEach(task -> tasks.put(task, kept));
        if (kept.latest() == WorkflowRunEvent.ENQUEUE_FAILED) {
            forgetDelivery(kept);
        }
        if (run.state() == RunState.SUSPENDED) {
            nowWaiting(run);
        } else if (run.state().isTerminal()) {
            ended(kept);
        }
        return new CallOutcome.Imported.Done(run);
    }

    private CallOutcome.Imported.@Nullable Refused refusal(RunImport.Life life) {
        for (TaskRun task : life.tasks()) {
            KeptRun other = tasks.get(task.id());
            if (other != null) {
                RunId holder = other.run().id();
                return new CallOutcome.Imported.Refused(
                        "task %s belongs to run %s".formatted(task.id(), holder), Optional.of(holder));
            }
        }
        Dispatch.Refused refused =
                life.run().state().isInFlight() ? refusal(life.run().request()) : null;
        return refused == null ? null : new CallOutcome.Imported.Refused(refused.reason(), refused.blocker());
    }

    private static @Nullable WaitKey waitKey(WorkflowRun run) {
        return run.latestWait()
                .flatMap(Wait::correlationKey)
                .map(key -> new WaitKey(run.request().project(), key))
                .orElse(null);
    }
}
