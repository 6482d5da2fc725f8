package dev.runledger.jdbi;

import dev.runledger.event.EventFields;
import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
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
import dev.runledger.store.Lifecycle;
import dev.runledger.store.TaskChange;
import dev.runledger.store.Lifecycle;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes. The two databases each have their own way to decide and store in one go; what a call came to that was not
 * applied, and what is written without a race, they share.
 *
 * <p>Every call has a call id: a row that has it was made by this very call, whose answer was lost, so that it can be sent again.
 */
abstract class Writer {
    final Tables tables;
    final Dialect dialect;
    final Reader reader;
    private final String imported;
    private final String refusal;

    Writer(Tables tables, Dialect dialect, Reader reader) {
        this.tables = tables;
        this.dialect = dialect;
        this.reader = reader;
        this.imported = tables.in("INSERT INTO ${run} (" + RunColumns.inserted() + ") VALUES (" + RunColumns.asItIs()
                + ") ON CONFLICT DO NOTHING");
        this.refusal = tables.in(
                Fragments.INSERT_EVENT
                        + "VALUES (:subject, 0, NULL, NULL, :event, :moment, NULL, :callId, NULL, :data) ON CONFLICT DO NOTHING");
    }

    abstract Dispatch dispatch(
            Handle handle, NewRun run, @Nullable String transitionId, String callId, @Nullable EventFields extra);

    abstract Transition apply(Handle handle, Change change, String callId);

    abstract Transition claim(Handle handle, RunId id, String worker, int attempt);

    abstract TaskTransition apply(Handle handle, TaskChange change, String callId);

    // ---- what was not applied

    /** What a dispatch came to that made no row. */
    Dispatch notQueued(Handle handle, NewRun run, String callId) {
        RunId id = Objects.requireNonNull(run.id());
        Optional<RunColumns.Stored> same = reader.run(handle, id);
        if (same.isPresent()) {
            boolean own = reader.steps(handle, id.value()).stream()
                    .anyMatch(step -> step.seq() == 1 && step.callId().equals(callId));
            return own
                    ? new Dispatch.Queued(
                            Lifecycle.queued(run, same.get().run().times().queuedAt()))
                    : new Dispatch.AlreadyQueued(same.get().run());
        }
        Dispatch.Refused refused = refusal(handle, run);
        return refused != null
                ? refused
                : new Dispatch.Refused( // it ended between the two looks
                        RefusalCode.IN_FLIGHT,
                        "a run of %s on %s was in flight".formatted(run.workflowName(), run.target()),
                        null);
    }

    /** Why the run cannot be made, or null where nothing is in its way. */
    Dispatch.@Nullable Refused refusal(Handle handle, NewRun run) {
        RunId seen = run.oncePerDelivery() ? reader.seen(handle, run) : null;
        if (seen != null) {
            return new Dispatch.Refused(
                    RefusalCode.DUPLICATE_DELIVERY,
                    "delivery %s was seen before, by run %s".formatted(run.deliveryId(), seen),
                    seen);
        }
        RunId holder = run.target() == null ? null : reader.guard(handle, run);
        if (holder == null) {
            return null;
        }
        return new Dispatch.Refused(
                RefusalCode.IN_FLIGHT,
                "run %s of %s on %s is in flight".formatted(holder, run.workflowName(), run.target()),
                holder);
    }

    /** The event that this call, or the same call before it, has stored, or null. */
    static @Nullable Step repeated(List<Step> steps, Change change, String callId) {
        Step own = Step.latest(steps, step -> step.callId().equals(callId));
        if (own != null) {
            return own;
        }
        String given = change.transitionId();
        Step same = given == null ? null : Step.latest(steps, step -> given.equals(step.transitionId()));
        if (same != null || change.child() == null) {
            return same;
        }
        String child = Objects.requireNonNull(change.child().id()).value();
        return Step.latest(steps, step -> child.equals(step.childRunId()));
    }

    /** What a call came to whose event is stored: applied where this very call stored it and lost the answer. */
    Transition alreadyStored(Handle handle, WorkflowRun run, Change change, Step step, String callId) {
        String eventId = WorkflowRun.eventId(run.id(), step.seq());
        if (!step.callId().equals(callId)) {
            return new Transition.AlreadyApplied(run, eventId);
        }
        WorkflowRun then = reader.runAt(handle, run, step.seq());
        WorkflowRun child = change.child() == null
                ? null
                : Lifecycle.queued(change.child(), then.times().changedAt());
        return new Transition.Applied(then, eventId, child);
    }

    static Transition already(WorkflowRun run, List<Step> steps, WorkflowRunEvent event) {
        Step latest = Step.latest(steps, step -> step.event().equals(event.eventName()));
        return new Transition.AlreadyApplied(
                run, WorkflowRun.eventId(run.id(), latest == null ? run.seq() : latest.seq()));
    }

    /** A hand-off whose child could not be made. */
    Transition childRefused(Handle handle, WorkflowRun parent, NewRun child) {
        Dispatch.Refused refused =
                reader.run(handle, Objects.requireNonNull(child.id())).isPresent()
                        ? new Dispatch.Refused(RefusalCode.INVALID, "a run " + child.id() + " exists", child.id())
                        : refusal(handle, child);
        if (refused == null) { // what was in its way ended between the two looks
            refused = new Dispatch.Refused(
                    RefusalCode.IN_FLIGHT,
                    "a run of %s on %s was in flight".formatted(child.workflowName(), child.target()),
                    null);
        }
        return new Transition.Rejected(
                parent, RunCommand.HAND_OFF, "the child was refused: " + refused.reason(), refused);
    }

    /** What a call on a task came to that was not applied, or null where it fits. */
    @Nullable
    TaskTransition taskNotApplied(
            Handle handle, @Nullable TaskRun task, WorkflowRun run, TaskChange change, String callId) {
        TaskRun ours = task != null && task.runId().equals(run.id()) ? task : null;
        if (ours != null) {
            List<Step> steps = reader.steps(handle, ours.id().value());
            Step own = Step.latest(steps, step -> step.callId().equals(callId));
            if (own != null) {
                return reader.taskAt(handle, ours, run, own.seq());
            }
            String given = change.transitionId();
            Step same = given == null ? null : Step.latest(steps, step -> given.equals(step.transitionId()));
            if (same == null && Lifecycle.isRepeat(ours, change)) {
                same = Step.latest(
                        steps, step -> step.event().equals(change.event().eventName()));
            }
            if (same != null) {
                return new TaskTransition.AlreadyApplied(
                        Lifecycle.asItReads(ours, run.state()), TaskRun.eventId(ours.id(), same.seq()));
            }
        }
        String why = Lifecycle.refusal(task, change, run);
        return why == null
                ? null
                : new TaskTransition.Rejected(why, ours == null ? null : Lifecycle.asItReads(ours, run.state()));
    }

    static TaskTransition noSuchTask(TaskChange change) {
        return new TaskTransition.NotFound(
                change.runId() == null
                        ? "there is no task " + change.taskId()
                        : "there is no run %s to hold task %s".formatted(change.runId(), change.taskId()));
    }

    // ---- what is written without a race

    /** Keeps the event of a refusal; sent again, it is kept once. */
    void refused(Handle handle, LedgerEvent event) {
        var statement = handle.createUpdate(refusal);
        new Binder(statement, dialect)
                .text("subject", event.eventId())
                .text("event", event.eventName())
                .instant("moment", event.occurredAt())
                .text("callId", "refusal")
                .text("data", EventJson.write(event));
        statement.execute();
    }

    /** Keeps a run that ended elsewhere, with its events; the caller has begun a transaction. */
    boolean importRun(Handle handle, WorkflowRun finished, String callId) {
        List<Change> changes = Lifecycle.changesOf(finished);
        Change end = changes.get(changes.size() - 1);
        var statement = handle.createUpdate(imported);
        Binder binder = new Binder(statement, dialect);
        RunColumns.bindRequest(binder, finished.request());
        binder.flag("new_once_per_delivery", false); // what had the delivery, too, does not keep it out
        RunColumns.bindState(binder, finished, end.event());
        RunId id = finished.id();
        if (statement.execute() == 0) { // it is there, by this very call where its answer was lost
            return reader.steps(handle, id.value()).stream()
                    .anyMatch(step -> step.callId().equals(callId));
        }
        event(handle, id, 1, WorkflowRunEvent.QUEUED, finished.times().queuedAt(), null, callId);
        if (changes.size() > 1) {
            Change start = changes.get(0);
            Instant startedAt = Objects.requireNonNull(finished.times().startedAt());
            event(handle, id, 2, start.event(), startedAt, EventData.of(start), callId);
        }
        event(handle, id, finished.seq(), end.event(), finished.times().changedAt(), EventData.of(end), callId);
        return true;
    }

    private void event(
            Handle handle,
            RunId id,
            long seq,
            WorkflowRunEvent event,
            Instant at,
            @Nullable String data,
            String callId) {
        var statement = handle.createUpdate(tables.in(
                Fragments.INSERT_EVENT + "VALUES (:id, :seq, :id, NULL, :event, :moment, NULL, :callId, NULL, :data)"));
        new Binder(statement, dialect)
                .text("id", id.value())
                .number("seq", seq)
                .text("event", event.eventName())
                .instant("moment", at)
                .text("callId", callId)
                .text("data", data);
        statement.execute();
    }

    // ---- values of statements

    /** Binds what the event of a change keeps. */
    static void bindEvent(Binder binder, Change change, String callId) {
        NewRun child = change.child();
        binder.text("event", change.event().eventName())
                .text("transitionId", change.transitionId())
                .text("callId", callId)
                .text("data", EventData.of(change))
                .text(
                        "childRunId",
                        child == null
                                ? null
                                : Objects.requireNonNull(child.id()).value());
    }

    /** Binds what a change makes of the row of its run. */
    static void bindRow(Binder binder, Change change) {
        binder.text("id", change.runId().value()).text("event", change.event().eventName());
        switch (change.command()) {
            case START -> binder.text("worker", change.worker());
            case SUSPEND -> RunColumns.bindWait(binder, change.newWait());
            case RESUME -> RunColumns.bindResumption(binder, change.resumption());
            case INCOMPLETE, CANCEL -> binder.text("reason", change.reason());
            case FAIL, ENQUEUE_FAILED -> {
                binder.text("reason", Objects.requireNonNull(change.failure()).reason());
                RunColumns.bindFailure(binder, change.failure());
            }
            case HAND_OFF, SUCCEED, DISPATCH, REFUSE -> {}
        }
    }

    /** Whether an event of this type makes the row of its task. */
    static boolean begins(TaskRunEvent event) {
        return event == TaskRunEvent.STARTED || event == TaskRunEvent.SKIPPED;
    }

    /** Binds what the event of a change of a task keeps. */
    static void bindEvent(Binder binder, TaskChange change, String callId) {
        binder.text("event", change.event().eventName())
                .text("transitionId", change.transitionId())
                .text("callId", callId)
                .text("data", EventData.of(change));
    }

    /** Binds what a change of a task makes of its row. */
    static void bindRow(Binder binder, TaskChange change) {
        binder.text("id", change.taskId().value()).constant("state", Lifecycle.stateAfter(change.event()));
        if (begins(change.event())) {
            TaskColumns.bindRequest(
                    binder, Objects.requireNonNull(change.request()), Objects.requireNonNull(change.runId()));
            binder.number("attempt", change.event() == TaskRunEvent.STARTED ? 1L : 0L)
                    .text("reason", change.reason());
        } else if (change.event() != TaskRunEvent.RETRYING) {
            TaskColumns.bindResult(binder, change.result());
            binder.text(
                    "failure_reason",
                    change.failure() == null ? null : change.failure().reason());
            RunColumns.bindFailure(binder, change.failure());
        }
    }
}
