package dev.runledger;

import dev.runledger.history.RunHistory;
import dev.runledger.history.RunStatistics;
import dev.runledger.redact.Sanitizer;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.RetryPolicy.Backoff;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.store.PayloadStore;
import dev.runledger.store.RunImport;
import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.UnitOfWork;
import dev.runledger.store.StoreCommand;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tracks workflow runs: it validates each transition with one state machine, stores it, and emits exactly one event.
 *
 * <p>A call that does not fit is a value, not an exception. A call that could not be stored throws what the store threw. Nothing that a
 * sink does reaches the caller. Thread-safe. {@link #close()} stops what {@link Builder#build()} started: the threads of queued
 * sinks. Whoever made a store or a sink closes it.
 */
@CheckReturnValue
public final class Ledger extends RunCalls implements AutoCloseable {
    private static final Backoff POLLING = new Backoff(Duration.ofMillis(50), 1.5, Duration.ofSeconds(5));

    private final WorkflowRunEvents events;
    private final Duration endTimeout;

    private Ledger(LedgerCalls calls, WorkflowRunEvents events, Duration endTimeout) {
        super(calls);
        this.events = events;
        this.endTimeout = endTimeout;
    }

    /** Starts with the store in memory, the log as the only sink, and every other default. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a view of this ledger inside a transaction of the application. What its calls change is committed and rolled back with the
     * transaction, and their events are emitted after the commit. It reads what the transaction has changed. {@code execute} and {@code
     * await} may run long and therefore throw on it. Closing the view closes this ledger.
     *
     * @throws IllegalArgumentException if a store with other data than this ledger's made the unit
     */
    public Ledger in(UnitOfWork unit) {
        return new Ledger(calls.in(unit), events, endTimeout);
    }

    // ---- dispatch

    /**
     * Stores a run that waits for a worker, unless its guard is held or its delivery was seen, and hands it to the {@link RunQueue} if the
     * ledger has one.
     *
     * <p>The same dispatch again, by the id of the run, is {@code AlreadyQueued}; while the run is QUEUED it is handed to the queue again, so
     * that a run whose first hand-over was lost reaches a worker. The id of a run of another workflow, project or target is refused.
     *
     * <p>If the queue throws, the run fails as {@code enqueue_failed}, unless a worker has it already; an {@link Error} is rethrown. In
     * a unit of work the run is handed over after the commit, and nothing that the queue throws reaches the committing caller.
     *
     * @throws IllegalArgumentException if a name of the run shows a secret, or it is {@code oncePerDelivery} without a delivery id
     */
    public Dispatch dispatch(NewRun run) {
        return dispatch(run, CallOptions.none());
    }

    /** Stores a run with options; see {@link #dispatch(NewRun)}. */
    public Dispatch dispatch(NewRun run, CallOptions options) {
        return calls.perform(new StoreCommand.DispatchRun(calls.identified(run), CallOptions.headOf(options)));
    }

    /**
     * Dispatches many runs, each as {@link #dispatch(NewRun)} does one, and returns what became of each, in the same order. A refused run
     * leaves the others as they are. All are checked before the first is stored, and a store that can make many of them by one statement
     * does so. The events wait for room in the queues of the sinks, as long as the sinks take a hundred events a second.
     *
     * <p>If a run could not be stored, or the queue threw an {@link Error}, that is thrown. Of the other runs some are stored then and were
     * emitted, and some were not tried. Dispatch all of them again to have the rest: those that have an id of their own and are there are
     * {@code AlreadyQueued}.
     *
     * @throws IllegalArgumentException if a name of a run shows a secret, or it is {@code oncePerDelivery} without a delivery id; nothing is
     *     stored then
     */
    public List<Dispatch> dispatchAll(Collection<NewRun> runs) {
        return dispatchAll(runs, CallOptions.none());
    }

    /** Dispatches many runs with options; see {@link #dispatchAll(Collection)}. */
    public List<Dispatch> dispatchAll(Collection<NewRun> runs, CallOptions options) {
        StoreCommand.Head head = CallOptions.headOf(options);
        return calls.performAll(Objects.requireNonNull(runs, "runs").stream()
                .map(run -> new StoreCommand.DispatchRun(calls.identified(run), head))
                .toList());
    }

    /** Records that the application refused the run, and emits {@code workflow.run.dispatch_refused}. */
    public Dispatch.Refused refuse(NewRun run, String reason) {
        return refuse(run, Dispatch.RefusalCode.OTHER, reason);
    }

    /** Records that the application refused the run, with a code; see {@link #refuse(NewRun, String)}. */
    public Dispatch.Refused refuse(NewRun run, Dispatch.RefusalCode code, String reason) {
        return refuse(run, code, reason, CallOptions.none());
    }

    /** Records that the application refused the run, with a code and options; see {@link #refuse(NewRun, String)}. */
    public Dispatch.Refused refuse(NewRun run, Dispatch.RefusalCode code, String reason, CallOptions options) {
        return calls.refuse(calls.identified(run), code, reason, options);
    }

    /**
     * Dispatches a new run that does the work of an earlier one again: the same workflow, version, target, trigger, queue and input, linked by
     * {@code replayOfRunId}. It is no child, is not refused for its delivery, and has a context of its own.
     *
     * @throws java.util.NoSuchElementException if there is no such run
     */
    public Dispatch replay(RunId original) {
        return replay(original, UnaryOperator.identity());
    }

    /** Replays a run with a change to what is asked for, such as another version or the draft channel; see {@link #replay(RunId)}. */
    public Dispatch replay(RunId original, UnaryOperator<NewRun> change) {
        return replay(original, change, CallOptions.none());
    }

    /** Replays a run with a change to what is asked for, and options; see {@link #replay(RunId)}. */
    public Dispatch replay(RunId original, UnaryOperator<NewRun> change, CallOptions options) {
        Objects.requireNonNull(original, "original");
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(options, "options");
        WorkflowRun run = history()
                .run(original)
                .orElseThrow(() -> new NoSuchElementException("there is no run " + original + " to replay"));
        NewRun again = run.request().toBuilder()
                .id(null)
                .parentRunId(null)
                .replayOfRunId(original)
                .oncePerDelivery(false)
                .context(Map.of())
                .input(history().input(original).orElse(null))
                .build();
        return dispatch(Objects.requireNonNull(change.apply(again), "the changed run is null"), options);
    }

    /**
     * Stores a run from elsewhere with its tasks, as its changes left it and at their own times: all or nothing. Nothing is emitted, and
     * nothing is handed to the {@link RunQueue}. What looks like a secret is redacted.
     *
     * <p>A run in flight takes its guard, or is refused if another run has it. Afterwards it is like any other: a QUEUED one can be
     * dispatched again by its id, or started.
     *
     * @throws IllegalArgumentException if a change does not fit, or a name shows a secret
     */
    public CallOutcome.Imported importRun(RunImport run) {
        return calls.perform(Objects.requireNonNull(run, "run").toCommand());
    }

    /** Returns the calls on tasks. */
    public Tasks tasks() {
        return new Tasks(calls);
    }

    // ---- execute

    /**
     * Starts a run, or claims it if it is RUNNING, has no owner and was not handed off, then runs the handler, and stores its outcome if
     * the worker still owns the run. A lost race is the returned value.
     *
     * <p>What the handler throws, or an outcome that does not fit, fails the run as {@code uncaught} and is rethrown; what the store threw
     * meanwhile is suppressed in it. A {@link dev.runledger.store.StoreException} comes from the store: before the handler ran, or when its
     * outcome was to be stored. {@link #tryExecute} returns all of this as a value. After a cancellation the calls of the handler's scope are
     * rejected; a handler that lets the rejection through ends with the rejected end as the returned value.
     *
     * <p>The end is stored whatever the thread's interrupt flag is, and is tried for {@link Builder#endTimeout}; the flag stands afterwards.
     * The context of the run is current around the handler.
     *
     * @return the outcome of storing the end, or that of the start or claim if it was not applied
     */
    public <X extends Exception> Transition execute(RunId id, String worker, RunScope.Handler<X> handler) throws X {
        return execute(id, worker, handler, CallOptions.none());
    }

    /** Executes a run; the key of the options is that of the start, their fields are on every event. See {@link #execute(RunId, String, RunScope.Handler)}. */
    public <X extends Exception> Transition execute(
            RunId id, String worker, RunScope.Handler<X> handler, CallOptions options) throws X {
        RunScope.Result result = tryExecute(id, worker, handler, options);
        if (result.thrown().isPresent()) {
            Throwable thrown = result.thrown().get();
            result.notStored().ifPresent(notStored -> Suppressed.add(thrown, notStored));
            Suppressed.<X>rethrow(thrown);
        }
        if (result.notStored().isPresent()) {
            throw result.notStored().get();
        }
        return result.transition().orElseThrow();
    }

    /** Executes a run as {@link #execute(RunId, String, RunScope.Handler)} does, and returns what the handler or the store threw as a value. */
    public RunScope.Result tryExecute(RunId id, String worker, RunScope.Handler<?> handler) {
        return tryExecute(id, worker, handler, CallOptions.none());
    }

    /** Executes a run with options; see {@link #tryExecute(RunId, String, RunScope.Handler)}. */
    public RunScope.Result tryExecute(RunId id, String worker, RunScope.Handler<?> handler, CallOptions options) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(options, "options");
        calls.requireNoUnit("execute");
        return new Execution(calls, id, worker, options, endTimeout).run(handler);
    }

    // ---- reading

    /** Waits until the run has ended, at most this long, with pauses of 50 milliseconds that grow by half up to 5 seconds. */
    public Optional<WorkflowRun> await(RunId id, Duration timeout) throws InterruptedException {
        return await(id, timeout, POLLING);
    }

    /**
     * Waits on this thread until the run has ended, reads its state with these pauses, and emits {@code workflow.run.awaited}. A read
     * takes no longer than the timeout has left, or a quarter of a second.
     *
     * @return the run as it ended, or empty if the timeout passed first
     * @throws dev.runledger.store.StoreException if the run cannot be read before the timeout has passed
     * @throws java.util.NoSuchElementException if there is no such run
     * @throws InterruptedException if this thread was interrupted; emitted as outcome {@code error}
     */
    public Optional<WorkflowRun> await(RunId id, Duration timeout, Backoff pauses) throws InterruptedException {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(pauses, "pauses");
        calls.requireNoUnit("await");
        return new Await(calls, id, timeout, pauses).run();
    }

    /** Returns the read side of the store. A target, a delivery id or a correlation key is found by its own text or as it is stored. */
    public RunHistory history() {
        return calls.history();
    }

    /**
     * Returns what the store counts.
     *
     * @throws IllegalStateException if the store does not implement {@link RunStatistics}
     */
    public RunStatistics statistics() {
        return calls.statistics();
    }

    /** Returns the whole body of a payload, from its row or from the payload store; empty if only its head was kept. */
    public Optional<String> payload(Payload payload) {
        return calls.payloads().read(Objects.requireNonNull(payload, "payload"));
    }

    /** Returns the id of this process as the runs have it that were started here: a name and a part of its own, such as {@code web-1:4f8a1c02}. */
    public String instance() {
        return calls.preparation().instance();
    }

    /** Returns what background work needs of this ledger. */
    public Maintenance maintenance() {
        return new Maintenance(calls.outsideUnit());
    }

    /** Returns what emits the events of this ledger, for events of the application's own and for its counters. */
    public WorkflowRunEvents events() {
        return events;
    }

    /** Returns what the calls on this ledger came to, by call and result. Those that never happened are absent. */
    public Map<StoreCommand.Call, Map<CallOutcome.Result, Long>> calls() {
        return calls.counters().counts();
    }

    /** Gives the queued sinks what is queued, for 5 seconds at most, and stops their threads. Closes no store and no sink. */
    @Override
    public void close() {
        events.close();
    }

    /** Builds a {@link Ledger}. Not thread-safe. */
    public static final class Builder extends EventSettings<Builder> {
        private @Nullable RunStore store;
        private @Nullable PayloadStore payloadStore;
        private PayloadStore.@Nullable Cipher payloadCipher;
        private @Nullable RunQueue queue;
        private Duration endTimeout = Duration.ofSeconds(60);
        private String instance = InstanceId.hostName();

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** Sets where runs are kept. Default: in memory, by the clock of this builder, which one line of the log says. */
        public Builder store(RunStore store) {
            this.store = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Sets where payloads are kept that are too large for a row, and inputs of more than 1 MiB. Default: nowhere; the row keeps the
         * head of a payload, and a larger input is refused.
         */
        public Builder payloadStore(PayloadStore payloadStore) {
            this.payloadStore = Objects.requireNonNull(payloadStore, "payloadStore");
            return this;
        }

        /** Sets what encrypts inputs before they are stored. Payloads, which are for people, stay readable. Default: nothing. */
        public Builder payloadCipher(PayloadStore.Cipher payloadCipher) {
            this.payloadCipher = Objects.requireNonNull(payloadCipher, "payloadCipher");
            return this;
        }

        /**
         * Sets how long an execution tries to store the end of its run while the store fails. It is long, since the work is done and nobody else
         * would report it. Default: 60 seconds.
         */
        public Builder endTimeout(Duration endTimeout) {
            Objects.requireNonNull(endTimeout, "endTimeout");
            if (endTimeout.isNegative()) {
                throw new IllegalArgumentException("endTimeout is " + endTimeout + ", expected 0 or more");
            }
            this.endTimeout = endTimeout;
            return this;
        }

        /**
         * Sets the name of this process, with which {@link Ledger#instance()} begins: 1 to 100 of A-Z a-z 0-9 . _ -. Default: the environment's
         * {@code HOSTNAME} or {@code COMPUTERNAME}, or {@code instance}.
         */
        public Builder instance(String instance) {
            this.instance = InstanceId.checked(instance);
            return this;
        }

        /** Sets the queue to which every run is handed that waits for a worker: dispatched, resumed, or the child of a hand-off. Default: none. */
        public Builder queue(RunQueue queue) {
            this.queue = Objects.requireNonNull(queue, "queue");
            return this;
        }

        /** Returns the ledger, and starts the thread of each queued sink. Without any sink, the log is the sink. */
        public Ledger build() {
            if (sinks.isEmpty()) {
                sink(Slf4jSink.keyValues());
            }
            RunStore keeping = store != null ? store : inMemory();
            EventPipeline pipeline = new EventPipeline(this, Sanitizer.of(redactor, limits, keeping::identityKey));
            Payloads payloads = new Payloads(pipeline.sanitizer(), payloadStore, payloadCipher);
            LedgerCalls calls = new LedgerCalls(
                    keeping,
                    keeping,
                    pipeline,
                    payloads,
                    new Preparation(pipeline, payloads, new Identities(pipeline.sanitizer()), InstanceId.of(instance)),
                    new CallCounters(),
                    queue,
                    null);
            return new Ledger(calls, new WorkflowRunEvents(pipeline), endTimeout);
        }

        private RunStore inMemory() {
            LoggerFactory.getLogger(Ledger.class)
                    .info("No store was set: runs are kept in memory and are lost when the process ends");
            return RunStore.inMemory(clock, 10_000);
        }
    }
}
