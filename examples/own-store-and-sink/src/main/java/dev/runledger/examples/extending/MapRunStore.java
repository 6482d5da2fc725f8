package dev.runledger.examples.extending;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.Lifecycle;
import dev.runledger.history.RunHistory;
import dev.runledger.store.RunStore;
import dev.runledger.store.TaskChange;
import dev.runledger.store.Lifecycle;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that is a map from ids to runs. One writer at a time reads what stands, lets the library decide, and puts what came of it;
 * readers take no lock, since what the map holds never changes.
 *
 * <p>To keep runs elsewhere, put where {@link #keep} puts and read where {@link #runs} is read: the rest stays. It looks through all
 * runs for the one in the way, which is quick enough for some thousands.
 */
public final class MapRunStore implements RunStore {
    private final Map<RunId, Kept> runs = new ConcurrentHashMap<>();
    private final Deque<LedgerEvent> refusals = new ConcurrentLinkedDeque<>();
    private final InstantSource clock;
    private Instant latest = Instant.EPOCH;

    /** An empty store by this clock. */
    public MapRunStore(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public synchronized Dispatch dispatch(NewRun run, @Nullable String transitionId, @Nullable EventFields extra) {
        Kept same = runs.get(Objects.requireNonNull(run.id(), "run.id"));
        if (same != null) {
            return new Dispatch.AlreadyQueued(same.run());
        }
        Optional<Dispatch.Refused> refusal = refusal(run);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        WorkflowRun queued = Lifecycle.queued(run, now());
        keep(Kept.dispatched(queued, transitionId, extra));
        return new Dispatch.Queued(queued);
    }

    private Optional<Dispatch.Refused> refusal(NewRun asked) {
        if (asked.oncePerDelivery()) {
            Optional<RunId> seen = find(kept -> isSameWork(kept, asked)
                    && Objects.equals(kept.run().request().deliveryId(), asked.deliveryId()));
            if (seen.isPresent()) {
                String reason = "delivery %s was seen before, by run %s".formatted(asked.deliveryId(), seen.get());
                return Optional.of(new Dispatch.Refused(RefusalCode.DUPLICATE_DELIVERY, reason, seen.get()));
            }
        }
        if (asked.target() == null || isUnderParentsGuard(asked)) {
            return Optional.empty();
        }
        return find(kept -> isSameWork(kept, asked) && kept.run().state().isInFlight())
                .map(holder ->
                        new Dispatch.Refused(RefusalCode.IN_FLIGHT, "run %s is in flight".formatted(holder), holder));
    }

    private boolean isUnderParentsGuard(NewRun asked) {
        Kept parent = asked.parentRunId() == null ? null : runs.get(asked.parentRunId());
        return parent != null && parent.run().state().isInFlight() && isSameWork(parent, asked);
    }

    private static boolean isSameWork(Kept kept, NewRun asked) {
        NewRun other = kept.run().request();
        return other.project().equals(asked.project())
                && other.workflowName().equals(asked.workflowName())
                && Objects.equals(other.target(), asked.target());
    }

    private Optional<RunId> find(Predicate<Kept> test) {
        return runs.values().stream().filter(test).map(kept -> kept.run().id()).findFirst();
    }

    // snippet
    @Override
    public synchronized Transition apply(Change change) {
        Kept kept = runs.get(change.runId());
        if (kept == null) {
            return new Transition.NotFound(change.runId(), change.command());
        }
        Optional<String> sameCall = kept.eventOfSame(change);
        if (sameCall.isPresent()) {
            return new Transition.AlreadyApplied(kept.run(), sameCall.get());
        }
        Decision decision = Lifecycle.decide(kept.run(), kept.latest(), change, now());
        if (decision instanceof Decision.Already already) {
            return new Transition.AlreadyApplied(kept.run(), kept.eventOf(already.event()));
        }
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(kept.run(), change.command(), no.why());
        }
        return applied(kept, ((Decision.Next) decision).run(), change);
    }
    // end

    private Transition applied(Kept kept, WorkflowRun next, Change change) {
        WorkflowRun child = null;
        if (change.child() != null) {
            Dispatch dispatch = dispatch(change.child(), null, change.extra());
            if (dispatch instanceof Dispatch.AlreadyQueued other) {
                dispatch = new Dispatch.Refused(
                        RefusalCode.INVALID, "there is such a run", other.run().id());
            }
            if (dispatch instanceof Dispatch.Refused refused) {
                String why = "the child was refused: " + refused.reason();
                return new Transition.Rejected(kept.run(), change.command(), why, refused);
            }
            child = dispatch.orElseThrow();
        }
        keep(kept.with(next, change));
        return new Transition.Applied(next, next.eventId(), child);
    }

    @Override
    public synchronized Transition claim(RunId runId, String worker) {
        Kept kept = runs.get(runId);
        if (kept == null) {
            return new Transition.NotFound(runId, RunCommand.START);
        }
        if (Lifecycle.claim(kept.run(), worker) instanceof Decision.Next next) {
            keep(kept.claimed(next.run()));
            return new Transition.Applied(next.run(), next.run().eventId(), null);
        }
        return new Transition.Rejected(kept.run(), RunCommand.START, "it cannot be claimed");
    }

    @Override
    public synchronized TaskTransition apply(TaskChange change) {
        Kept holder = runs.values().stream()
                .filter(kept -> kept.task(change.taskId()) != null)
                .findFirst()
                .orElse(null);
        Kept kept = change.runId() == null ? holder : runs.get(change.runId());
        if (kept == null) {
            return new TaskTransition.NotFound("there is no task %s and no run for it".formatted(change.taskId()));
        }
        TaskRun task = holder == null ? null : holder.task(change.taskId());
        TaskRun ours = kept == holder ? task : null;
        if (ours != null) {
            TaskRun standing = Lifecycle.asItReads(ours, kept.run().state());
            Optional<String> sameCall = kept.eventOfSame(change);
            if (sameCall.isPresent()) {
                return new TaskTransition.AlreadyApplied(standing, sameCall.get());
            }
            if (Lifecycle.isRepeat(ours, change)) {
                return new TaskTransition.AlreadyApplied(standing, kept.eventOf(ours.id(), change.event()));
            }
        }
        String refusal = Lifecycle.refusal(task, change, kept.run());
        if (refusal != null) {
            return new TaskTransition.Rejected(
                    refusal,
                    ours == null
                            ? null
                            : Lifecycle.asItReads(ours, kept.run().state()));
        }
        TaskRun next = Lifecycle.next(task, change, now());
        keep(kept.with(next, change));
        return new TaskTransition.Applied(next, kept.run());
    }

    @Override
    public void refused(LedgerEvent event) {
        refusals.addFirst(event);
    }

    @Override
    public synchronized boolean importRun(WorkflowRun finished) {
        List<Change> changes = Lifecycle.changesOf(finished);
        if (runs.containsKey(finished.id())) {
            return false;
        }
        Kept kept = Kept.dispatched(
                Lifecycle.queued(finished.request(), finished.times().queuedAt()), null, null);
        if (changes.size() > 1) {
            Instant startedAt = Objects.requireNonNull(finished.times().startedAt());
            kept = kept.with(Lifecycle.next(kept.run(), changes.get(0), startedAt), changes.get(0));
        }
        keep(kept.with(finished, changes.get(changes.size() - 1)));
        return true;
    }

    @Override
    public RunHistory history() {
        return new MapRunHistory(runs, refusals, clock);
    }

    private void keep(Kept kept) {
        runs.put(kept.run().id(), kept);
    }

    /** In microseconds, and never the same twice, so that an order by time is an order. */
    private Instant now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        latest = now.isAfter(latest) ? now : latest.plus(1, ChronoUnit.MICROS);
        return latest;
    }
}
