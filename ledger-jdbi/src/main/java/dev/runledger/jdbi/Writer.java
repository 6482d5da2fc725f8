package dev.runledger.jdbi;

import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.TaskChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * Carries out the command of one attempt. The two databases decide and store in their own ways. They share how a call that was not
 * applied is answered, and what is written without a decision.
 *
 * <p>A row with the call id of the command was written by an earlier attempt at this very call, whose answer was lost.
 */
abstract class Writer implements StoreCommand.Handler {
    final Attempt attempt;
    final Handle handle;
    final Database database;
    final Reader reader;
    private final CommonSql sql;

    Writer(Attempt attempt, Database database, Reader reader, CommonSql sql) {
        this.attempt = attempt;
        this.handle = attempt.handle();
        this.database = database;
        this.reader = reader;
        this.sql = sql;
    }

    final Binder binder(Update update) {
        return new Binder(update, database);
    }

    // ---- runs that were not made

    /** Returns the outcome of a dispatch that made no row. */
    final Dispatch notQueued(StoreCommand.DispatchRun command) {
        NewRun run = command.run();
        Optional<RunColumns.Stored> same = reader.run(handle, command.runId());
        if (same.isEmpty()) {
            return refusal(run).orElseGet(() -> wasInFlight(run));
        }
        WorkflowRun standing = same.get().run();
        boolean own = reader.calls(handle, command.runId().value()).stream()
                .anyMatch(call -> call.seq() == 1 && isOwn(call, command));
        return own
                ? new Dispatch.Queued(Lifecycle.queued(run, standing.times().queuedAt()))
                : new Dispatch.AlreadyQueued(standing);
    }

    /** Returns why the run cannot be made, or empty if nothing is in its way. */
    final Optional<Dispatch.Refused> refusal(NewRun run) {
        Optional<RunId> seen = run.oncePerDelivery() ? reader.firstWithDelivery(handle, run) : Optional.empty();
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
    final Transition childRefused(WorkflowRun parent, RunChange.HandOff change) {
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

    /** Returns the outcome of a change whose event is stored: by this very call, by its idempotency key, or by the same child. */
    final Optional<Transition> stored(WorkflowRun run, List<StoredCall> calls, RunChange change) {
        Optional<StoredCall> own = StoredCall.latest(calls, call -> isOwn(call, change));
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
                        .owner(start.worker())
                        .claimToken(start.head().callId())
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
    static Transition already(WorkflowRun run, List<StoredCall> calls, WorkflowRunEvent event) {
        long seq = latest(calls, event.eventName()).map(StoredCall::seq).orElse(run.seq());
        return new Transition.AlreadyApplied(run, WorkflowRun.eventId(run.id(), seq));
    }

    static boolean isOwn(StoredCall call, StoreCommand<?> command) {
        return call.callId().equals(command.head().callId());
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

    /** Returns the task if it belongs to this run. */
    static Optional<TaskRun> ofRun(Optional<TaskRun> task, WorkflowRun run) {
        return task.filter(found -> found.runId().equals(run.id()));
    }

    /** Returns the outcome of a change of a task whose event is stored, by this very call or one that is the same; reads its events. */
    final Optional<TaskTransition> stored(TaskRun task, WorkflowRun run, TaskChange change) {
        List<StoredCall> calls = reader.calls(handle, task.id().value());
        Optional<StoredCall> own = StoredCall.latest(calls, call -> isOwn(call, change));
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
    static Optional<TaskTransition> rejection(Optional<TaskRun> task, WorkflowRun run, TaskChange change) {
        return Lifecycle.refusal(task.orElse(null), change, run)
                .map(why -> new TaskTransition.Rejected(why, ofRun(task, run).map(ours -> asItReads(ours, run))));
    }

    static TaskTransition notFound(TaskChange change) {
        return new TaskTransition.NotFound(
                change instanceof TaskChange.Begin begin
                        ? "there is no run %s to hold task %s".formatted(begin.runId(), change.taskId())
                        : "there is no task " + change.taskId());
    }

    // ---- what needs no decision

    @Override
    public final Dispatch refuse(StoreCommand.RecordRefusal command) {
        LedgerEvent event = command.event();
        Update insert = handle.createUpdate(sql.refusal);
        binder(insert)
                .text("subject", event.eventId())
                .text("event", event.eventName())
                .instant("moment", event.occurredAt())
                .text("callId", "refusal")
                .text("data", EventJson.write(event));
        insert.execute();
        return command.refusal();
    }

    @Override
    public final CallOutcome.Imported importRun(StoreCommand.ImportRun command) {
        return new Importer(this, sql, command).imported();
    }
}
