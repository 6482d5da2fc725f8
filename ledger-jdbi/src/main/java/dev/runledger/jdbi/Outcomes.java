package dev.runledger.jdbi;

import dev.runledger.event.EventType;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.TaskChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Finds the outcome of a call that stored nothing: it was made before, it does not fit, or something else is in its way.
 *
 * <p>A row with the call id of the command was written by an earlier attempt at this very call, whose answer was lost.
 */
final class Outcomes {
    private final Handle handle;
    private final Reader reader;

    Outcomes(Handle handle, Reader reader) {
        this.handle = handle;
        this.reader = reader;
    }

    // ---- runs that were not made

    /** Returns the outcome of a dispatch that made no row. */
    Dispatch notQueued(StoreCommand.DispatchRun command) {
        NewRun run = command.run();
        Optional<RunColumns.Stored> same = reader.run(handle, command.runId());
        if (same.isEmpty()) {
            return refusal(run).orElseGet(() -> wasInFlight(run));
        }
        WorkflowRun standing = same.get().run();
        boolean own =
                reader.calls(handle, command.runId()).stream().anyMatch(call -> call.seq() == 1 && call.isOf(command));
        return own
                ? new Dispatch.Queued(Lifecycle.queued(run, standing.times().queuedAt()))
                : new Dispatch.AlreadyQueued(standing);
    }

    /** Returns why the run cannot be made, or empty if nothing is in its way. */
    Optional<Dispatch.Refused> refusal(NewRun run) {
        Optional<RunId> seen = run.oncePerDelivery() ? reader.withDelivery(handle, run) : Optional.empty();
        if (seen.isPresent()) {
            return Optional.of(new Dispatch.Refused(
                    RefusalCode.DUPLICATE_DELIVERY,
                    "delivery %s was seen before, by run %s"
                            .formatted(run.deliveryId().orElseThrow(), seen.get()),
                    seen));
        }
        Optional<RunId> holder = run.target().flatMap(target -> reader.guardHolder(handle, run));
        return holder.map(id -> new Dispatch.Refused(
                RefusalCode.IN_FLIGHT,
                "run %s of %s on %s is in flight".formatted(id, run.workflowName(), targetOf(run)),
                id));
    }

    /** Returns the refusal of a run whose blocker ended after the statement and before it was looked for. */
    static Dispatch.Refused wasInFlight(NewRun run) {
        return new Dispatch.Refused(
                RefusalCode.IN_FLIGHT, "a run of %s on %s was in flight".formatted(run.workflowName(), targetOf(run)));
    }

    private static String targetOf(NewRun run) {
        return run.target().map(Target::value).orElse("no target");
    }

    /** Returns the outcome of a hand-off whose child could not be made. */
    private Transition childRefused(WorkflowRun parent, RunChange.HandOff change) {
        RunId id = change.childId();
        Dispatch.Refused refused = reader.state(handle, id).isPresent()
                ? new Dispatch.Refused(RefusalCode.INVALID, "a run " + id + " exists", id)
                : refusal(change.child()).orElseGet(() -> wasInFlight(change.child()));
        return new Transition.Rejected(
                parent, change.command(), "the child was refused: " + refused.reason(), Optional.of(refused));
    }

    /** Returns the child of a hand-off as it was queued at this time, or empty if the change is no hand-off. */
    static Optional<WorkflowRun> child(RunChange change, Instant queuedAt) {
        return change instanceof RunChange.HandOff handOff
                ? Optional.of(Lifecycle.queued(handOff.child(), queuedAt))
                : Optional.empty();
    }

    // ---- changes of a run that were not applied

    /** Returns the outcome of a change of a run, or empty if nothing speaks against it any more. */
    Optional<Transition> notApplied(RunChange change) {
        Optional<RunColumns.Stored> found = reader.run(handle, change.runId());
        if (found.isEmpty()) {
            return Optional.of(new Transition.NotFound(change.runId(), change.command()));
        }
        WorkflowRun run = found.get().run();
        List<StoredCall> calls = reader.calls(handle, run.id());
        Optional<Transition> stored = stored(run, calls, change);
        if (stored.isPresent()) {
            return stored;
        }
        Decision decision =
                Lifecycle.decide(run, found.get().latest(), change, run.times().changedAt());
        if (decision instanceof Decision.Already already) {
            return Optional.of(already(run, calls, already.event()));
        }
        if (decision instanceof Decision.No no) {
            return Optional.of(new Transition.Rejected(run, change.command(), no.why()));
        }
        return change instanceof RunChange.HandOff handOff ? Optional.of(childRefused(run, handOff)) : Optional.empty();
    }

    /** Returns the outcome of a claim, or empty if nothing speaks against it any more. */
    Optional<Transition> notClaimed(StoreCommand.ClaimRun command) {
        Optional<WorkflowRun> found = reader.run(handle, command.runId()).map(RunColumns.Stored::run);
        if (found.isEmpty()) {
            return Optional.of(new Transition.NotFound(command.runId(), RunCommand.START));
        }
        Decision decision = Lifecycle.claim(found.get(), command);
        if (decision instanceof Decision.No no) {
            return Optional.of(new Transition.Rejected(found.get(), RunCommand.START, no.why()));
        }
        boolean own =
                found.get().claimToken().filter(command.head().callId()::equals).isPresent();
        return own ? Optional.of(new Transition.Applied(found.get())) : Optional.empty();
    }

    /** Returns the outcome of a change whose event is stored: by this very call, by its idempotency key, or by the same child. */
    private Optional<Transition> stored(WorkflowRun run, List<StoredCall> calls, RunChange change) {
        Optional<StoredCall> own = StoredCall.latest(calls, call -> call.isOf(change));
        if (own.isPresent()) {
            WorkflowRun then =
                    ownedByThisCall(reader.runAt(handle, run, own.get().seq()), change);
            return Optional.of(
                    new Transition.Applied(then, child(change, then.times().changedAt())));
        }
        return sameKey(calls, change)
                .map(call -> answer(run, call, change))
                .or(() -> sameChild(calls, change)
                        .map(call -> new Transition.AlreadyApplied(run, WorkflowRun.eventId(run.id(), call.seq()))));
    }

    private static WorkflowRun ownedByThisCall(WorkflowRun then, RunChange change) {
        return change instanceof RunChange.Start start
                ? then.toBuilder()
                        .ownedBy(
                                start.worker(),
                                start.head().callId(),
                                start.head().instance().orElse(null))
                        .build()
                : then;
    }

    /** Returns the answer to a call whose idempotency key a stored event has: it is the same call, or another. */
    private Transition answer(WorkflowRun run, StoredCall call, RunChange change) {
        WorkflowRunEvent event = EventType.ofName(call.event())
                .filter(WorkflowRunEvent.class::isInstance)
                .map(WorkflowRunEvent.class::cast)
                .orElse(WorkflowRunEvent.QUEUED); // an event of a newer version: of another call
        Optional<RunId> child = Optional.ofNullable(call.childRunId()).map(RunId::of);
        return Lifecycle.difference(event, reader.runAt(handle, run, call.seq()), child, change)
                .<Transition>map(why -> new Transition.Rejected(run, change.command(), why))
                .orElseGet(() -> new Transition.AlreadyApplied(run, WorkflowRun.eventId(run.id(), call.seq())));
    }

    private static Optional<StoredCall> sameChild(List<StoredCall> calls, RunChange change) {
        return change instanceof RunChange.HandOff handOff
                ? StoredCall.latest(calls, call -> handOff.childId().value().equals(call.childRunId()))
                : Optional.empty();
    }

    /** Returns the outcome of a change whose event is the latest of this type. */
    private static Transition already(WorkflowRun run, List<StoredCall> calls, WorkflowRunEvent event) {
        long seq = latest(calls, event.eventName()).map(StoredCall::seq).orElse(run.seq());
        return new Transition.AlreadyApplied(run, WorkflowRun.eventId(run.id(), seq));
    }

    private static Optional<StoredCall> sameKey(List<StoredCall> calls, StoreCommand<?> command) {
        return command.head()
                .idempotencyKey()
                .flatMap(key -> StoredCall.latest(calls, call -> key.equals(call.idempotencyKey())));
    }

    private static Optional<StoredCall> latest(List<StoredCall> calls, String eventName) {
        return StoredCall.latest(calls, call -> call.event().equals(eventName));
    }

    // ---- changes of a task that were not applied

    /** Returns the outcome of a change of a task, or empty if nothing speaks against it any more. */
    Optional<TaskTransition> notApplied(TaskChange change) {
        Optional<TaskRun> task = reader.task(handle, change.taskId());
        Optional<RunId> runId =
                change instanceof TaskChange.Begin begin ? Optional.of(begin.runId()) : task.map(TaskRun::runId);
        Optional<WorkflowRun> holder =
                runId.flatMap(id -> reader.run(handle, id)).map(RunColumns.Stored::run);
        if (holder.isEmpty()) {
            return Optional.of(notFound(change));
        }
        WorkflowRun run = holder.get();
        return ofRun(task, run).flatMap(ours -> stored(ours, run, change)).or(() -> rejection(task, run, change));
    }

    /** Returns the task if it belongs to this run. */
    private static Optional<TaskRun> ofRun(Optional<TaskRun> task, WorkflowRun run) {
        return task.filter(found -> found.runId().equals(run.id()));
    }

    /** Returns the outcome of a change of a task whose event is stored, by this very call or one that is the same; reads its events. */
    private Optional<TaskTransition> stored(TaskRun task, WorkflowRun run, TaskChange change) {
        List<StoredCall> calls = reader.calls(handle, task.runId(), task.id());
        Optional<StoredCall> own = StoredCall.latest(calls, call -> call.isOf(change));
        if (own.isPresent()) {
            return Optional.of(reader.taskAt(handle, task, run, own.get().seq()));
        }
        TaskRun reads = asItReads(task, run);
        Optional<StoredCall> same = sameKey(calls, change);
        if (same.isPresent()) {
            return Optional.of(answer(reads, same.get(), change));
        }
        return Lifecycle.isRepetition(task, change)
                ? latest(calls, change.event().eventName())
                        .map(call -> new TaskTransition.AlreadyApplied(reads, TaskRun.eventId(task.id(), call.seq())))
                : Optional.empty();
    }

    private static TaskTransition answer(TaskRun task, StoredCall call, TaskChange change) {
        String eventId = TaskRun.eventId(task.id(), call.seq());
        return EventType.ofName(call.event())
                .filter(TaskRunEvent.class::isInstance)
                .flatMap(event -> Lifecycle.difference((TaskRunEvent) event, eventId, change))
                .<TaskTransition>map(why -> new TaskTransition.Rejected(why, Optional.of(task)))
                .orElseGet(() -> new TaskTransition.AlreadyApplied(task, eventId));
    }

    private static TaskRun asItReads(TaskRun task, WorkflowRun run) {
        return Lifecycle.asItReads(task, run.state(), run.execution());
    }

    /** Returns the rejection of a change that does not fit the task, or empty if it does. */
    private static Optional<TaskTransition> rejection(Optional<TaskRun> task, WorkflowRun run, TaskChange change) {
        return Lifecycle.refusal(task.orElse(null), change, run)
                .map(why -> new TaskTransition.Rejected(why, ofRun(task, run).map(ours -> asItReads(ours, run))));
    }

    private static TaskTransition notFound(TaskChange change) {
        return new TaskTransition.NotFound(
                change instanceof TaskChange.Begin begin
                        ? "there is no run %s to hold task %s".formatted(begin.runId(), change.taskId())
                        : "there is no task " + change.taskId());
    }
}
