package dev.runledger.examples.extending;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Carries out the commands of a {@link MapRunStore}, one at a time. {@link Lifecycle} has the rules, so there are none here. */
final class MapChanges implements StoreCommand.Handler {
    private final Map<RunId, Kept> runs;
    private final Deque<LedgerEvent> refusals;
    private final InstantSource clock;
    private Instant latest = Instant.EPOCH;

    MapChanges(Map<RunId, Kept> runs, Deque<LedgerEvent> refusals, InstantSource clock) {
        this.runs = runs;
        this.refusals = refusals;
        this.clock = clock;
    }

    // ---- dispatch

    @Override
    public Dispatch dispatch(StoreCommand.DispatchRun command) {
        Kept same = runs.get(command.runId());
        if (same != null) {
            return new Dispatch.AlreadyQueued(same.run());
        }
        Optional<Dispatch.Refused> refusal = refusal(command.run());
        return refusal.isPresent() ? refusal.get() : new Dispatch.Queued(queued(command.run(), command.head()));
    }

    private Optional<Dispatch.Refused> refusal(NewRun asked) {
        if (asked.oncePerDelivery()) {
            Optional<RunId> seen = find(kept -> kept.latest() != WorkflowRunEvent.ENQUEUE_FAILED // nobody took it
                    && isSameWork(kept, asked)
                    && kept.run().request().deliveryId().equals(asked.deliveryId()));
            if (seen.isPresent()) {
                String reason = "delivery %s was seen before, by run %s"
                        .formatted(asked.deliveryId().orElseThrow(), seen.get());
                return Optional.of(new Dispatch.Refused(RefusalCode.DUPLICATE_DELIVERY, reason, seen.get()));
            }
        }
        if (asked.target().isEmpty() || isUnderParentsGuard(asked)) {
            return Optional.empty();
        }
        return find(kept -> isSameWork(kept, asked) && kept.run().state().isInFlight())
                .map(holder ->
                        new Dispatch.Refused(RefusalCode.IN_FLIGHT, "run %s is in flight".formatted(holder), holder));
    }

    private boolean isUnderParentsGuard(NewRun asked) {
        return asked.parentRunId()
                .map(runs::get)
                .filter(parent -> parent.run().state().isInFlight() && isSameWork(parent, asked))
                .isPresent();
    }

    private static boolean isSameWork(Kept kept, NewRun asked) {
        NewRun other = kept.run().request();
        return other.project().equals(asked.project())
                && other.workflowName().equals(asked.workflowName())
                && other.target().equals(asked.target())
                && other.channel() == asked.channel();
    }

    /** Returns the oldest run that passes, whatever the order of the map. */
    private Optional<RunId> find(Predicate<Kept> test) {
        return runs.values().stream()
                .filter(test)
                .map(Kept::run)
                .min(Comparator.comparing(run -> run.times().queuedAt()))
                .map(WorkflowRun::id);
    }

    private WorkflowRun queued(NewRun asked, Head head) {
        WorkflowRun queued = Lifecycle.queued(asked, now());
        keep(Kept.dispatched(queued, asked.input(), head));
        return queued;
    }

    // ---- changes of a run

    // snippet
    @Override
    public Transition change(RunChange change) {
        Kept kept = runs.get(change.runId());
        if (kept == null) {
            return new Transition.NotFound(change.runId(), change.command());
        }
        Optional<Transition> repeated = kept.repeated(change);
        if (repeated.isPresent()) {
            return repeated.get();
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

    private Transition applied(Kept kept, WorkflowRun next, RunChange change) {
        Optional<WorkflowRun> child = Optional.empty();
        if (change instanceof RunChange.HandOff handOff) {
            Optional<Dispatch.Refused> refused = runs.containsKey(handOff.childId())
                    ? Optional.of(new Dispatch.Refused(RefusalCode.INVALID, "there is such a run", handOff.childId()))
                    : refusal(handOff.child());
            if (refused.isPresent()) {
                String why = "the child was refused: " + refused.get().reason();
                return new Transition.Rejected(kept.run(), change.command(), why, refused);
            }
            Head ofChild = change.head().idempotencyKey(null); // the key is the parent's
            child = Optional.of(queued(handOff.child(), ofChild));
        }
        keep(kept.with(next, change));
        return new Transition.Applied(next, child);
    }

    @Override
    public Transition claim(StoreCommand.ClaimRun command) {
        Kept kept = runs.get(command.runId());
        if (kept == null) {
            return new Transition.NotFound(command.runId(), RunCommand.START);
        }
        Decision decision = Lifecycle.claim(kept.run(), command);
        if (decision instanceof Decision.Next next) {
            keep(kept.claimed(next.run()));
            return new Transition.Applied(next.run());
        }
        return new Transition.Rejected(kept.run(), RunCommand.START, ((Decision.No) decision).why());
    }

    // ---- changes of a task

    @Override
    public TaskTransition change(TaskChange change) {
        Kept holder = runs.values().stream()
                .filter(kept -> kept.task(change.taskId()) != null)
                .findFirst()
                .orElse(null);
        Kept kept = change instanceof TaskChange.Begin begin ? runs.get(begin.runId()) : holder;
        if (kept == null) {
            return new TaskTransition.NotFound("there is no task %s and no run for it".formatted(change.taskId()));
        }
        TaskRun task = holder == null ? null : holder.task(change.taskId());
        TaskRun ours = kept == holder ? task : null;
        if (ours != null) {
            Optional<TaskTransition> repeated = kept.repeated(asItReads(ours, kept), change);
            if (repeated.isPresent()) {
                return repeated.get();
            }
            if (Lifecycle.isRepetition(ours, change)) {
                return new TaskTransition.AlreadyApplied(
                        asItReads(ours, kept), kept.eventOf(ours.id(), change.event()));
            }
        }
        Optional<String> refusal = Lifecycle.refusal(task, change, kept.run());
        if (refusal.isPresent()) {
            return new TaskTransition.Rejected(
                    refusal.get(), Optional.ofNullable(ours).map(standing -> asItReads(standing, kept)));
        }
        TaskRun next = Lifecycle.next(task, change, kept.run(), now());
        keep(kept.with(next, change));
        return new TaskTransition.Applied(next, kept.run());
    }

    private static TaskRun asItReads(TaskRun task, Kept kept) {
        return Lifecycle.asItReads(task, kept.run().state(), kept.run().execution());
    }

    // ---- refusals and imports

    @Override
    public Dispatch refuse(StoreCommand.RecordRefusal command) {
        if (!refusals.contains(command.event())) {
            refusals.addFirst(command.event());
        }
        return command.refusal();
    }

    @Override
    public CallOutcome.Imported importRun(StoreCommand.ImportRun command) {
        RunImport.Life life = command.life();
        WorkflowRun run = life.run();
        Kept same = runs.get(run.id());
        if (same != null) {
            return new CallOutcome.Imported.AlreadyThere(same.run());
        }
        for (TaskRun task : life.tasks()) {
            Optional<RunId> holder = runs.values().stream()
                    .filter(kept -> kept.task(task.id()) != null)
                    .map(kept -> kept.run().id())
                    .findFirst();
            if (holder.isPresent()) {
                return new CallOutcome.Imported.Refused(
                        "task %s belongs to run %s".formatted(task.id(), holder.get()), holder);
            }
        }
        Optional<Dispatch.Refused> refused = run.state().isInFlight() ? refusal(run.request()) : Optional.empty();
        if (refused.isPresent()) {
            return new CallOutcome.Imported.Refused(
                    refused.get().reason(), refused.get().blocker());
        }
        Kept kept = Kept.dispatched(life.queued(), command.run().input(), command.head());
        for (RunImport.Step step : life.steps()) {
            if (step.change() instanceof RunChange change) {
                kept = kept.with(step.run(), change);
            } else if (step.change() instanceof TaskChange change) {
                kept = kept.with(step.task().orElseThrow(), change);
            }
        }
        keep(kept);
        return new CallOutcome.Imported.Done(run);
    }

    // ---- parts

    /** Puts a run where runs are kept: the one place that writes. */
    private void keep(Kept kept) {
        runs.put(kept.run().id(), kept);
    }

    /** Returns the time in microseconds, and never the same twice, so that an order by time is an order. */
    private Instant now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        latest = now.isAfter(latest) ? now : latest.plus(1, ChronoUnit.MICROS);
        return latest;
    }
}
