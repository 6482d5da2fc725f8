package dev.runledger;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one road of everything that changes a run: a command is prepared, stored, counted, its event emitted, and a run that waits
 * for a worker handed to the queue.
 *
 * @param store where commands go: the ledger's store, or the one inside a transaction of the application
 * @param unit the transaction that calls join, or null
 */
record LedgerCalls(
        RunStore store,
        RunStore outside,
        EventPipeline events,
        Payloads payloads,
        Preparation preparation,
        CallCounters counters,
        @Nullable RunQueue queue,
        @Nullable UnitOfWork unit) {
    private static final int PORTION = 512;

    /** Returns the same road inside a transaction of the application. The identity key says whose data the transaction changes. */
    LedgerCalls in(UnitOfWork joined) {
        Objects.requireNonNull(joined, "unit");
        RunStore inside = joined.store();
        if (inside != outside && !Arrays.equals(inside.identityKey(), outside.identityKey())) {
            throw new IllegalArgumentException(
                    "the unit of work was made by another store: expected one that the store of this ledger made");
        }
        return new LedgerCalls(inside, outside, events, payloads, preparation, counters, queue, joined);
    }

    /** Returns the same road after the commit of this transaction, on its connection if that can be. */
    private LedgerCalls after(UnitOfWork ended) {
        return new LedgerCalls(ended.storeAfterCommit(), outside, events, payloads, preparation, counters, queue, null);
    }

    /** Returns the same road outside any transaction. */
    LedgerCalls outsideUnit() {
        return unit == null
                ? this
                : new LedgerCalls(outside, outside, events, payloads, preparation, counters, queue, null);
    }

    /** Carries a command out: prepares and stores it, counts its outcome, emits its event, and hands a waiting run to the queue. */
    <O extends CallOutcome> O perform(StoreCommand<O> command) {
        return performPrepared(prepared(command));
    }

    /** Carries out a command that is prepared. */
    <O extends CallOutcome> O performPrepared(StoreCommand<O> prepared) {
        return performed(prepared, stored(prepared));
    }

    /**
     * Carries many commands out, in portions. The events of a portion are emitted, and its runs handed over, before the next is stored. What
     * is stored has its event, whatever is thrown about another.
     */
    <O extends CallOutcome> List<O> performAll(List<? extends StoreCommand<O>> commands) {
        List<StoreCommand<O>> prepared = new ArrayList<>(commands.size());
        for (StoreCommand<O> command : commands) {
            prepared.add(prepared(command));
        }
        List<O> outcomes = new ArrayList<>(commands.size());
        for (int from = 0; from < prepared.size(); from += PORTION) {
            performPortion(prepared.subList(from, Math.min(from + PORTION, prepared.size())), outcomes);
        }
        return outcomes;
    }

    private <O extends CallOutcome> void performPortion(List<StoreCommand<O>> portion, List<O> outcomes) {
        IdentityHashMap<StoreCommand<O>, O> stored = new IdentityHashMap<>();
        Throwable thrown = null;
        try {
            store.applyAll(portion, stored::put);
        } catch (RuntimeException | Error notStored) {
            counters.count(portion.get(0).call(), CallOutcome.Result.ERROR);
            thrown = notStored;
        }
        for (StoreCommand<O> command : portion) {
            O outcome = stored.get(command);
            if (outcome != null) {
                try {
                    events.awaitRoom();
                    outcomes.add(performed(command, outcome));
                } catch (RuntimeException | Error failed) { // a refusal that was not stored, or an error of the queue
                    thrown = thrown == null ? failed : thrown;
                }
            }
        }
        if (thrown != null) {
            Suppressed.<RuntimeException>rethrow(thrown);
        }
    }

    private <O extends CallOutcome> O performed(StoreCommand<O> prepared, O answer) {
        O outcome = ofTheSameRun(prepared, answer);
        counters.count(prepared.call(), outcome.result());
        emit(prepared, outcome);
        return queue == null ? outcome : handedOver(prepared, outcome, queue);
    }

    /** An id that belongs to another workflow, project or target is refused, and nothing is shown of its run. */
    @SuppressWarnings("unchecked") // the outcome of a dispatch is a dispatch, and that of an import is one of imports
    private static <O extends CallOutcome> O ofTheSameRun(StoreCommand<O> command, O outcome) {
        if (command instanceof StoreCommand.DispatchRun dispatch
                && outcome instanceof Dispatch.AlreadyQueued already
                && !isSameWork(dispatch.run(), already.run())) {
            return (O) new Dispatch.Refused(Dispatch.RefusalCode.INVALID, belongsToAnother(command));
        }
        if (command instanceof StoreCommand.ImportRun imported
                && outcome instanceof CallOutcome.Imported.AlreadyThere already
                && !isSameWork(imported.run(), already.run())) {
            return (O) new CallOutcome.Imported.Refused(belongsToAnother(command), Optional.empty());
        }
        return outcome;
    }

    private static boolean isSameWork(NewRun asked, WorkflowRun run) {
        NewRun standing = run.request();
        return asked.workflowName().equals(standing.workflowName())
                && asked.project().equals(standing.project())
                && asked.target().equals(standing.target());
    }

    private static String belongsToAnother(StoreCommand<?> command) {
        return "id %s belongs to another run: expected an id that is not in use".formatted(command.subject());
    }

    // ---- the queue

    /** Hands the run to the queue that the command left waiting for a worker: now, or after the commit. */
    @SuppressWarnings("unchecked") // the outcome of a dispatch is a dispatch
    private <O extends CallOutcome> O handedOver(StoreCommand<O> command, O outcome, RunQueue queue) {
        WorkflowRun waiting = waiting(command, outcome);
        if (waiting == null) {
            return outcome;
        }
        if (unit != null) {
            unit.afterCommit(new EnqueueAfterCommit(this, unit, queue, waiting));
            return outcome;
        }
        try {
            queue.enqueue(waiting);
            return outcome;
        } catch (Exception failed) {
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Transition transition = notEnqueued(waiting, failed);
            return outcome instanceof Dispatch ? (O) afterFailedEnqueue(waiting, transition, failed) : outcome;
        } catch (Error failed) {
            Transition ignored = notEnqueued(waiting, failed);
            throw failed;
        }
    }

    /** Returns the run that waits for a worker: dispatched now or before, resumed, requeued, or the child of a hand-off. */
    private static @Nullable WorkflowRun waiting(StoreCommand<?> command, CallOutcome outcome) {
        if (outcome instanceof Dispatch.Queued queued) {
            return queued.run();
        }
        if (outcome instanceof Dispatch.AlreadyQueued already) { // the queue may not have got it: at least once
            return already.run().state() == RunState.QUEUED ? already.run() : null;
        }
        if (outcome instanceof Transition.Applied applied
                && (command instanceof RunChange.Resume || command instanceof RunChange.Requeue)) {
            return applied.after();
        }
        return outcome instanceof Transition.Applied applied ? applied.child().orElse(null) : null;
    }

    /** Fails a run that the queue did not take, unless a worker has it already. */
    private Transition notEnqueued(WorkflowRun run, Throwable cause) {
        Failure failure = Failure.of(cause);
        return perform(
                run.state() == RunState.QUEUED
                        ? new RunChange.EnqueueFailed(run.id(), failure, Head.of())
                        : new RunChange.Fail(run.id(), failure, Head.of()));
    }

    private static Dispatch afterFailedEnqueue(WorkflowRun run, Transition failed, Throwable cause) {
        if (failed instanceof Transition.Applied applied) {
            return new Dispatch.EnqueueFailed(applied.after(), cause);
        }
        return new Dispatch.Queued(failed.run().orElse(run)); // a worker has it already
    }

    /** Hands a run to the queue once the transaction that left it waiting is committed, and fails the run if that throws. */
    private record EnqueueAfterCommit(LedgerCalls calls, UnitOfWork unit, RunQueue queue, WorkflowRun run)
            implements Pending {
        @Override
        public String eventId() {
            return run.eventId();
        }

        @Override
        public void emit(int before) {
            try {
                queue.enqueue(run);
            } catch (Throwable failed) { // nothing may reach the caller, whose data is committed
                if (failed instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                fail(failed);
            }
        }

        private void fail(Throwable failed) {
            try {
                Transition ignored = calls.after(unit).notEnqueued(run, failed);
            } catch (RuntimeException | Error notStored) { // counted as an error of the call; the run stays as it is
                Suppressed.add(failed, notStored);
            }
        }

        @Override
        public void drop() {}
    }

    /** Returns the child with an id, its parent, and what it inherits: project and queue, unless it names its own. */
    NewRun inheriting(NewRun child, RunId parent, Function<RunId, Optional<WorkflowRun>> lookUp) {
        NewRun inheriting = identified(child).parentRunId(parent);
        if (!child.project().isEmpty() && child.taskQueue().isPresent()) {
            return inheriting;
        }
        NewRun above = lookUp.apply(parent).map(WorkflowRun::request).orElse(null);
        if (above == null) {
            return inheriting;
        }
        if (child.project().isEmpty()) {
            inheriting = inheriting.project(above.project());
        }
        return child.taskQueue().isEmpty() && above.taskQueue().isPresent()
                ? inheriting.taskQueue(above.taskQueue().get())
                : inheriting;
    }

    /** Returns the run with the id that it has, or with a new one. */
    NewRun identified(NewRun run) {
        Objects.requireNonNull(run, "run");
        return run.id().isPresent() ? run : run.id(RunId.of(events.newId()));
    }

    /** Starts a run for a worker, or claims it if it is RUNNING, has no owner and was not handed off. */
    Transition take(RunId id, String worker, CallOptions options) {
        StoreCommand<Transition> start = prepared(new RunChange.Start(id, worker, CallOptions.headOf(options)));
        Transition started = stored(start);
        if (started instanceof Transition.Rejected rejected && isClaimable(rejected.standing())) {
            return perform(new StoreCommand.ClaimRun(
                    id, worker, CallOptions.headOf(options).idempotencyKey(null)));
        }
        counters.count(start.call(), started.result());
        emit(start, started);
        return started;
    }

    private static boolean isClaimable(WorkflowRun run) {
        return run.state() == RunState.RUNNING && run.owner().isEmpty() && !run.handedOff();
    }

    /** Records and emits a refusal that the application decided on. */
    Dispatch.Refused refuse(NewRun run, Dispatch.RefusalCode code, String reason, CallOptions options) {
        Objects.requireNonNull(reason, "reason");
        Dispatch.Refused refused = new Dispatch.Refused(code, events.sanitizer().reason(reason));
        StoreCommand<Dispatch> prepared = prepared(new StoreCommand.DispatchRun(run, CallOptions.headOf(options)));
        refused(((StoreCommand.DispatchRun) prepared).run(), refused, prepared.head());
        counters.count(StoreCommand.Call.REFUSE, CallOutcome.Result.APPLIED);
        return refused;
    }

    /** Returns the command as the store takes it; throws what does not fit. */
    @SuppressWarnings("unchecked") // a prepared command is of the same class
    <O extends CallOutcome> StoreCommand<O> prepared(StoreCommand<O> command) {
        return (StoreCommand<O>) preparation.of(command);
    }

    private <O extends CallOutcome> O stored(StoreCommand<O> command) {
        try {
            return store.apply(command);
        } catch (RuntimeException | Error notStored) {
            counters.count(command.call(), CallOutcome.Result.ERROR);
            throw notStored;
        }
    }

    // ---- events

    private void emit(StoreCommand<?> command, CallOutcome outcome) {
        if (outcome instanceof Dispatch.Queued queued) {
            queued(queued.run(), command.head());
        } else if (outcome instanceof Dispatch.Refused refused
                && command instanceof StoreCommand.DispatchRun dispatch) {
            refused(dispatch.run(), refused, command.head());
        } else if (outcome instanceof Transition.Applied applied && command instanceof RunChange change) {
            WorkflowRun run = applied.after();
            emit(run, change.event(), () -> change.fields(run));
            applied.child().ifPresent(child -> queued(child, command.head()));
        } else if (outcome instanceof Transition.Rejected rejected && command instanceof RunChange.HandOff handOff) {
            rejected.refusedChild().ifPresent(refused -> refused(handOff.child(), refused, command.head()));
        } else if (outcome instanceof TaskTransition.Applied applied && command instanceof TaskChange change) {
            emit(applied.after(), change, applied.run());
        }
    }

    private void queued(WorkflowRun run, Head head) {
        emit(run, WorkflowRunEvent.QUEUED, () -> RunChange.queuedFields(run, head));
    }

    private void emit(WorkflowRun run, EventType type, Supplier<EventFields> fields) {
        events.emit(type, () -> events.build(type, run.eventId(), run.times().changedAt(), fields.get(), run), unit);
    }

    private void emit(TaskRun task, TaskChange change, WorkflowRun run) {
        events.emit(
                change.event(),
                () -> events.build(change.event(), task.eventId(), task.changedAt(), change.fields(task, run), run),
                unit);
    }

    /** A refusal has an event row and no run, so its event is built whether a sink wants it or not. */
    private void refused(NewRun request, Dispatch.Refused refused, Head head) {
        EventFields fields = EventFields.of(request)
                .reason(refused.reason())
                .put(EventField.REASON_CODE, refused.code().code());
        boolean duplicate = refused.code() == Dispatch.RefusalCode.DUPLICATE_DELIVERY;
        refused.blocker()
                .ifPresent(blocker -> fields.put(
                        duplicate ? EventField.EXISTING_RUN_ID : EventField.IN_FLIGHT_RUN_ID, blocker.value()));
        fields.putAll(head.customFields());
        LedgerEvent event = events.build(
                WorkflowRunEvent.DISPATCH_REFUSED,
                events.newId(),
                events.clock().instant(),
                fields,
                null);
        stored(new StoreCommand.RecordRefusal(refused, event, Head.of()));
        events.emit(event, unit);
    }

    /** Throws in a unit of work, for a call that may run long. */
    void requireNoUnit(String call) {
        if (unit != null) {
            throw new IllegalStateException(
                    call + " was called inside a unit of work: expected the ledger itself, outside any transaction");
        }
    }

    RunHistory history() {
        return new PreparedHistory(store.history(), preparation.identities(), payloads);
    }

    RunStatistics statistics() {
        if (store instanceof RunStatistics statistics) {
            return statistics;
        }
        throw new IllegalStateException("%s has no statistics, expected a store that implements RunStatistics"
                .formatted(store.getClass().getName()));
    }
}
