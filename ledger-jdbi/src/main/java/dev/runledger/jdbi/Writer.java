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
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import dev.runledger.store.TaskChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * Carries out the command of one attempt. A call that fits is stored by conditional statements, each database's own. Only one that does
 * not fit reads what stands, to answer why.
 *
 * <p>A row with the call id of the command was written by an earlier attempt at this very call, whose answer was lost.
 */
abstract class Writer implements StoreCommand.Handler {
    /** How often a call is made again that would have fitted what stood after it. */
    private static final int MOST_RACES = 100;

    final Attempt attempt;
    final Handle handle;
    final Database database;
    final Reader reader;
    final CommonSql sql;

    Writer(Attempt attempt, Database database, Reader reader, CommonSql sql) {
        this.attempt = attempt;
        this.handle = attempt.handle();
        this.database = database;
        this.reader = reader;
        this.sql = sql;
    }

    final Binder binder(SqlStatement<?> statement) {
        return new Binder(statement, database);
    }

    /** Reads the run that a statement has changed and selects. */
    final WorkflowRun changed(ResultSet columns, RunId id) throws SQLException {
        try {
            return RunColumns.read(new Row(columns, database), true).run();
        } catch (IllegalArgumentException broken) {
            throw unreadable("run " + id, broken);
        }
    }

    /** Returns that a row cannot be read after its change: SQLite rolls the transaction back, PostgreSQL may have committed it. */
    final StoreException unreadable(String what, IllegalArgumentException broken) {
        return Reader.unreadable(what, database == Database.SQLITE ? Certainty.NOT_STORED : Certainty.UNKNOWN, broken);
    }

    // ---- what the databases do in their own ways

    /** Stores a run that is queued, with its event; returns the time, or empty if something is in its way. */
    abstract Optional<Instant> store(StoreCommand.DispatchRun command);

    /** Stores a change of a run, with its event; returns the run as it left it, or empty if it does not fit. */
    abstract Optional<WorkflowRun> store(RunChange change);

    /** Stores a change of a task, with its event; returns what it made, or empty if it does not fit. */
    abstract Optional<TaskTransition.Applied> store(TaskChange change);

    // ---- the road of every change

    @Override
    public final Dispatch dispatch(StoreCommand.DispatchRun command) {
        return store(command)
                .<Dispatch>map(queuedAt -> new Dispatch.Queued(Lifecycle.queued(command.run(), queuedAt)))
                .orElseGet(() -> notQueued(command));
    }

    @Override
    public final Transition change(RunChange change) {
        return untilAnswered(
                change,
                () -> store(change)
                        .<Transition>map(after -> new Transition.Applied(
                                after, child(change, after.times().changedAt())))
                        .or(() -> notApplied(change)));
    }

    @Override
    public final Transition claim(StoreCommand.ClaimRun command) {
        return untilAnswered(
                command,
                () -> store(command).<Transition>map(Transition.Applied::new).or(() -> notClaimed(command)));
    }

    @Override
    public final TaskTransition change(TaskChange change) {
        return untilAnswered(
                change,
                () -> store(change).<TaskTransition>map(applied -> applied).or(() -> notApplied(change)));
    }

    /** Makes a call again if what stood in its way is gone when it is looked for. */
    private static <T> T untilAnswered(StoreCommand<?> command, Supplier<Optional<T>> call) {
        for (int race = 0; race < MOST_RACES; race++) {
            Optional<T> answer = call.get();
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new IllegalStateException("the statement of %s %s does not store what the state machine allows"
                .formatted(command.call().code(), command.subject()));
    }

    // ---- runs that were not made

    /** Returns the outcome of a dispatch that made no row. */
    private Dispatch notQueued(StoreCommand.DispatchRun command) {
        NewRun run = command.run();
        Optional<RunColumns.Stored> same = reader.run(handle, command.runId());
        if (same.isEmpty()) {
            return refusal(run).orElseGet(() -> wasInFlight(run));
        }
        WorkflowRun standing = same.get().run();
        boolean own = reader.calls(handle, command.runId()).stream()
                .anyMatch(call -> call.seq() == 1 && isOwn(call, command));
        return own
                ? new Dispatch.Queued(Lifecycle.queued(run, standing.times().queuedAt()))
                : new Dispatch.AlreadyQueued(standing);
    }

    /** Returns why the run cannot be made, or empty if nothing is in its way. */
    final Optional<Dispatch.Refused> refusal(NewRun run) {
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
    private static Optional<WorkflowRun> child(RunChange change, Instant queuedAt) {
        return change instanceof RunChange.HandOff handOff
                ? Optional.of(Lifecycle.queued(handOff.child(), queuedAt))
                : Optional.empty();
    }

    // ---- changes of a run that were not applied

    private Optional<Transition> notApplied(RunChange change) {
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

    /** Stores a claim; returns the run, or empty if it cannot be claimed. */
    private Optional<WorkflowRun> store(StoreCommand.ClaimRun command) {
        Query query = handle.createQuery(sql.claim);
        ChangeValues.bindClaim(binder(query), command);
        return query.map((row, context) -> changed(row, command.runId())).findFirst();
    }

    private Optional<Transition> notClaimed(StoreCommand.ClaimRun command) {
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
    private static Transition already(WorkflowRun run, List<StoredCall> calls, WorkflowRunEvent event) {
        long seq = latest(calls, event.eventName()).map(StoredCall::seq).orElse(run.seq());
        return new Transition.AlreadyApplied(run, WorkflowRun.eventId(run.id(), seq));
    }

    static boolean isOwn(StoredCall call, StoreCommand<?> command) {
        return call.callId().equals(command.head().callId());
    }

    /** Returns whether a stored event is that of this hand-off. */
    static boolean isSame(StoredCall call, RunChange.HandOff change) {
        return isOwn(call, change)
                || change.head()
                        .idempotencyKey()
                        .filter(key -> key.equals(call.idempotencyKey()))
                        .isPresent()
                || change.childId().value().equals(call.childRunId());
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

    private Optional<TaskTransition> notApplied(TaskChange change) {
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

    // ---- what needs no decision

    /** Returns a run as a change left it, with the payload that the change brought: the statement does not see what it inserts. */
    static WorkflowRun asAsked(WorkflowRun after, RunChange change) {
        return change instanceof RunChange.Resume resume
                ? after.toBuilder().resumption(resume.resumption()).build()
                : after;
    }

    /** Returns a task as a change left it, with the output that the change brought. */
    static TaskRun asAsked(TaskRun after, TaskChange change) {
        return change instanceof TaskChange.End end
                ? after.toBuilder().result(end.result()).build()
                : after;
    }

    /** Inserts what stands beside the row of a new run. */
    final void payloads(NewRun run) {
        String id = run.id().orElseThrow().value();
        payload(id, "", Body.DETAILS, run.trigger().flatMap(Trigger::details).map(PayloadColumn::write));
        payload(id, "", Body.TRIGGER, run.trigger().flatMap(Trigger::payload).map(PayloadColumn::write));
        payload(id, "", Body.INPUT, run.input());
    }

    /** Inserts a payload if it is there. */
    final void payload(String runId, String taskId, Body kind, Optional<String> body) {
        if (body.isPresent()) {
            Update insert = handle.createUpdate(sql.payload);
            binder(insert)
                    .text("runId", runId)
                    .text("taskId", taskId)
                    .text("kind", kind.kind())
                    .text("body", body);
            insert.execute();
        }
    }

    @Override
    public final Dispatch refuse(StoreCommand.RecordRefusal command) {
        LedgerEvent event = command.event();
        Update insert = handle.createUpdate(sql.refusal);
        binder(insert)
                .text("id", event.eventId())
                .instant("moment", event.occurredAt())
                .text("data", EventJson.write(event));
        insert.execute();
        return command.refusal();
    }

    @Override
    public final CallOutcome.Imported importRun(StoreCommand.ImportRun command) {
        return new Importer(this, sql, command).imported();
    }
}
