package dev.runledger;

import dev.runledger.event.EventContract;
import dev.runledger.event.EventFields;
import dev.runledger.run.ContextCarrier;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.RefusalCode;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.Change;
import dev.runledger.store.PayloadStore;
import dev.runledger.store.RunHistory;
import dev.runledger.store.RunStore;
import dev.runledger.store.UnitOfWork;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the runs of a host: decides every state change by the one state machine, stores it, and tells it as exactly one event.
 *
 * <p>A call that does not fit is a value, not an exception; a call that could not be stored throws what the store threw. What
 * sinks do never reaches the caller. Thread-safe. A ledger owns no thread and nothing to close: the host closes the {@link
 * WorkflowRunEvents} and the store that it made.
 */
public final class Ledger {
    private final LedgerParts parts;
    private final @Nullable String transitionId;
    private final @Nullable EventFields extra;

    private Ledger(LedgerParts parts, @Nullable String transitionId, @Nullable EventFields extra) {
        this.parts = parts;
        this.transitionId = transitionId;
        this.extra = extra;
    }

    /** Starts with the store in memory and the log alone. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The same ledger for one call with an id of its own: made again with the same id, the call is {@code AlreadyApplied} and names
     * the stored event, whatever came after. The id is unique in its run or task, so a dispatch and the start of a task, which make
     * one, are known again by the id of what they make.
     */
    public Ledger withTransitionId(String transitionId) {
        return new Ledger(parts, checked("transitionId", transitionId, 200), extra);
    }

    /**
     * The same ledger with fields of the host's own on the events of its transitions.
     *
     * @throws IllegalArgumentException if a name is not free: the contract or an encoder owns it, or it is no name
     */
    public Ledger withFields(EventFields fields) {
        return new Ledger(parts, transitionId, contract().ownFields(fields));
    }

    /**
     * The same ledger inside a transaction of the host's: what its calls change is committed and rolled back with it, and told after
     * the commit. It reads what the transaction has changed. {@code execute} and {@code await}, which take their time, are not for
     * the inside of a transaction and throw.
     */
    public Ledger in(UnitOfWork unit) {
        return new Ledger(parts.in(unit), transitionId, extra);
    }

    // ---- dispatch

    /**
     * Makes a run that waits for a worker, unless its guard is held, its delivery was seen or its id is there.
     *
     * @throws IllegalArgumentException if a name of it shows a secret
     */
    public Dispatch dispatch(NewRun run) {
        NewRun prepared = prepared(run);
        Dispatch dispatch =
                parts.calls().counted("dispatch", () -> parts.store().dispatch(prepared, transitionId, extra));
        parts.calls().count("dispatch", dispatch);
        if (dispatch instanceof Dispatch.Queued queued) {
            teller().queued(queued.run());
        } else if (dispatch instanceof Dispatch.Refused refused) {
            teller().refused(prepared, refused);
        }
        return dispatch;
    }

    /**
     * Makes a run as {@link #dispatch(NewRun)} does and hands it to the host's queue. What the enqueue throws fails the run as {@code
     * enqueue_failed}, unless a worker has it already; an {@link Error} is rethrown then. In a unit of work it is handed over after
     * the commit, and nothing that the enqueue throws reaches the committing caller.
     */
    public Dispatch dispatch(NewRun run, Enqueue enqueue) {
        Objects.requireNonNull(enqueue, "enqueue");
        Dispatch dispatch = dispatch(run);
        if (!(dispatch instanceof Dispatch.Queued queued)) {
            return dispatch;
        }
        if (parts.unit() != null) {
            Ledger outside = new Ledger(parts.outside(), null, extra);
            parts.unit().afterCommit(new EnqueueAfterCommit(outside, enqueue, queued.run()));
            return dispatch;
        }
        try {
            enqueue.enqueue(queued.run());
            return dispatch;
        } catch (Exception failed) {
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return afterFailedEnqueue(queued, failed);
        } catch (Error failed) {
            afterFailedEnqueue(queued, failed);
            throw failed;
        }
    }

    private Dispatch afterFailedEnqueue(Dispatch.Queued queued, Throwable cause) {
        Transition failed = withoutTransitionId().enqueueFailed(queued.run().id(), cause); // the id was the dispatch's
        if (failed instanceof Transition.Applied applied) {
            return new Dispatch.EnqueueFailed(applied.run(), cause);
        }
        return failed instanceof Transition.Rejected rejected ? new Dispatch.Queued(rejected.run()) : queued;
    }

    /** Declines to make a run, for a reason of the host's, and tells so. */
    public Dispatch.Refused refuse(NewRun run, String reason) {
        return refuse(run, RefusalCode.OTHER, reason);
    }

    /** Declines to make a run, for a reason of the host's, and tells so. */
    public Dispatch.Refused refuse(NewRun run, RefusalCode code, String reason) {
        Dispatch.Refused refused = new Dispatch.Refused(code, contract().reason(reason), null);
        teller().refused(prepared(run), refused);
        parts.calls().count("refuse", CallResult.APPLIED);
        return refused;
    }

    // ---- transitions

    /** The host could not hand the run to its queue: QUEUED to FAILED. Rejected where a worker has it already. */
    public Transition enqueueFailed(RunId id, Throwable cause) {
        return apply(Change.enqueueFailed(id, contract().failure(Failure.of(cause))));
    }

    /** A worker takes the run: QUEUED to RUNNING. */
    public Transition start(RunId id, String worker) {
        return apply(Change.start(id, checkedWorker(worker)));
    }

    /**
     * The run waits for something from outside: RUNNING to SUSPENDED, owned by nobody.
     *
     * @throws IllegalArgumentException if the correlation key shows a secret: take a digest of it
     */
    public Transition suspend(RunId id, Wait wait) {
        return apply(Change.suspend(id, prepared(wait)));
    }

    /** What the run waited for has come: SUSPENDED to RUNNING, owned by nobody until a worker claims it. */
    public Transition resume(RunId id, Resumption resumption) {
        return apply(Change.resume(id, prepared(resumption)));
    }

    /**
     * The run gives its work to a child, which is dispatched in the same transaction, and stays RUNNING until the host ends it. A
     * refused child is told as such, rejects the hand-off and leaves the run as it was.
     */
    public Transition handOff(RunId parent, NewRun child) {
        return apply(handOffChange(parent, child));
    }

    /** The work is done: RUNNING to SUCCEEDED. */
    public Transition succeed(RunId id) {
        return apply(Change.succeed(id));
    }

    /** The work ran cleanly and what it was for is undone: RUNNING to INCOMPLETE. */
    public Transition incomplete(RunId id, String reason) {
        return apply(Change.incomplete(id, contract().reason(reason)));
    }

    /** The work failed: QUEUED, RUNNING or SUSPENDED to FAILED. */
    public Transition fail(RunId id, Failure failure) {
        return apply(Change.fail(id, contract().failure(failure)));
    }

    /** Somebody called the run off: QUEUED, RUNNING or SUSPENDED to CANCELLED. */
    public Transition cancel(RunId id, String reason) {
        return apply(Change.cancel(id, contract().reason(reason)));
    }

    /**
     * Keeps a run that ended elsewhere, with its own times; nothing is told of it. What looks like a secret is redacted.
     *
     * @param finished the run, in a terminal state, at version 3, or 2 where it never ran
     * @return whether it was kept; false where a run with its id is there already
     * @throws IllegalArgumentException if it is no such run; the message says what was expected
     */
    public boolean importRun(WorkflowRun finished) {
        WorkflowRun prepared =
                Preparation.withoutContext(contract(), parts.payloads()).of(finished);
        boolean imported =
                parts.calls().counted("importRun", () -> parts.store().importRun(prepared));
        parts.calls().count("importRun", imported ? CallResult.APPLIED : CallResult.ALREADY);
        return imported;
    }

    /** The calls on tasks, with this view's transition id and fields. */
    public Tasks tasks() {
        return new Tasks(parts, transitionId, extra);
    }

    // ---- execute

    /**
     * Starts the run, or claims it where it runs unowned and was not handed off, and only then runs the handler, whose outcome is
     * stored if the worker still owns the run. A lost race is the returned value.
     *
     * <p>What the handler throws, or what an outcome throws that cannot be kept, fails the run as {@code uncaught} and is rethrown, with
     * what the store threw, if it did, as suppressed. The context of the run is current around the handler; the thread's interrupt flag is kept.
     *
     * @return what the outcome came to, or what the start or claim came to where it was not applied
     */
    public <X extends Exception> Transition execute(RunId id, String worker, RunHandler<X> handler) throws X {
        Objects.requireNonNull(handler, "handler");
        requireNoUnit("execute");
        return new Execution(this, parts, id, checkedWorker(worker)).run(handler);
    }

    // ---- reading

    /** Waits until the run has ended, at most this long, with the default pauses; see {@link #await(RunId, Polling)}. */
    public Optional<WorkflowRun> await(RunId id, Duration timeout) throws InterruptedException {
        return await(id, Polling.upTo(timeout));
    }

    /**
     * Waits on this thread until the run has ended, looking at it with growing pauses, and tells {@code workflow.run.awaited}.
     *
     * @return the run as it ended, or empty where the timeout passed first
     * @throws java.util.NoSuchElementException if there is no such run
     * @throws InterruptedException if this thread was interrupted; told as outcome {@code error}
     */
    public Optional<WorkflowRun> await(RunId id, Polling polling) throws InterruptedException {
        requireNoUnit("await");
        return new Await(parts, id, polling).run();
    }

    /** Reads what is stored. */
    public RunHistory history() {
        return parts.store().history();
    }

    /** The whole body of a payload, from its row or from the payload store; empty where only its head was kept. */
    public Optional<String> payload(Payload payload) {
        return parts.payloads().read(payload);
    }

    /** What tells the events of this ledger. */
    public WorkflowRunEvents events() {
        return parts.events();
    }

    /** What the calls on this ledger came to, by call and result; those that never happened are absent. */
    public Map<String, Map<CallResult, Long>> calls() {
        return parts.calls().counts();
    }

    // ---- inside

    ContextCarrier.Restored restore(WorkflowRun run) {
        return parts.events().carriers().restore(run);
    }

    ContextCarrier.Restored restore(WorkflowRun run, TaskRun task) {
        return parts.events().carriers().restore(run, task);
    }

    ContextCarrier.Restored preparing(WorkflowRun run, TaskRun task) {
        return parts.events().carriers().preparing(run, task);
    }

    static void suppress(Throwable thrown, Throwable suppressed) {
        if (thrown != suppressed) { // a throwable cannot suppress itself
            thrown.addSuppressed(suppressed);
        }
    }

    private void requireNoUnit(String call) {
        if (parts.unit() != null) {
            throw new IllegalStateException(
                    call + " was called inside a unit of work: expected the ledger itself, outside any transaction");
        }
    }

    /** The same ledger without the id that was for one call. */
    Ledger withoutTransitionId() {
        return transitionId == null ? this : new Ledger(parts, null, extra);
    }

    Change called(Change change) {
        return transitionId == null && extra == null
                ? change
                : change.transitionId(transitionId).extra(extra);
    }

    Transition apply(Change change) {
        Change called = called(change);
        Transition transition = parts.calls()
                .counted(change.command().call(), () -> parts.store().apply(called));
        teller().told(called, transition);
        return transition;
    }

    Change handOffChange(RunId parent, NewRun child) {
        return Change.handOff(
                parent, prepared(child.toBuilder().parentRunId(parent).build()));
    }

    /** The run with an id, with what the carriers captured, and with nothing in it that looks like a secret. */
    private NewRun prepared(NewRun run) {
        return preparation().of(run, parts.newId());
    }

    Wait prepared(Wait wait) {
        return preparation().of(wait);
    }

    private Resumption prepared(Resumption resumption) {
        return preparation().of(resumption);
    }

    private Preparation preparation() {
        return new Preparation(contract(), parts.payloads(), parts.events().carriers());
    }

    Teller teller() {
        return new Teller(parts, extra);
    }

    EventContract contract() {
        return parts.events().contract();
    }

    private String checkedWorker(String worker) {
        return checked("worker", worker, 128);
    }

    /** What identifies is kept as it is, so it must not be what would be cleaned or masked. */
    private String checked(String what, String id, int max) {
        Objects.requireNonNull(id, what);
        if (id.isBlank() || id.length() > max || !contract().isPlain(id)) {
            throw new IllegalArgumentException(
                    "%s is '%.64s', expected 1 to %d characters on one line that are not all blank and no secret"
                            .formatted(what, contract().name(id), max));
        }
        return id;
    }

    /** Hands a queued run to the host's queue. */
    @FunctionalInterface
    public interface Enqueue {
        /** Hands the run over; what it throws fails the run. */
        void enqueue(WorkflowRun run) throws Exception;
    }

    /**
     * Does the work of a run.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface RunHandler<X extends Exception> {
        /** Does the work and says what came of it. */
        RunOutcome handle(RunScope scope) throws X;
    }

    /** Builds a {@link Ledger}. Not thread-safe. */
    public static final class Builder {
        private @Nullable RunStore store;
        private @Nullable WorkflowRunEvents events;
        private @Nullable PayloadStore payloadStore;

        private Builder() {}

        /** Where runs are kept. Default: in memory, by the clock of the events. */
        public Builder store(RunStore store) {
            this.store = Objects.requireNonNull(store, "store");
            return this;
        }

        /** What tells the events; the host closes it. Default: {@link WorkflowRunEvents#toLog()}. */
        public Builder events(WorkflowRunEvents events) {
            this.events = Objects.requireNonNull(events, "events");
            return this;
        }

        /** Where payloads are kept that are too large for a row. Default: nowhere; the row keeps their head. */
        public Builder payloadStore(PayloadStore payloadStore) {
            this.payloadStore = Objects.requireNonNull(payloadStore, "payloadStore");
            return this;
        }

        /** The ledger. */
        public Ledger build() {
            WorkflowRunEvents telling = events != null ? events : WorkflowRunEvents.toLog();
            RunStore keeping = store != null ? store : RunStore.inMemory(telling.clock(), 10_000);
            Payloads payloads = new Payloads(telling.contract(), payloadStore);
            return new Ledger(new LedgerParts(keeping, telling, payloads, new CallCounters(), null), null, null);
        }
    }
}
