package dev.runledger.store;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.Recovery;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.state.RunCommand;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a store to change something. Immutable; its texts are redacted already. The ledger makes commands, a store carries them out
 * in {@link RunStore#apply}.
 *
 * @param <O> the outcome of the command
 */
public sealed interface StoreCommand<O extends CallOutcome>
        permits StoreCommand.DispatchRun,
                StoreCommand.ClaimRun,
                StoreCommand.RecordRefusal,
                StoreCommand.ImportRun,
                RunChange,
                TaskChange {
    /** Returns what all commands have in common. */
    Head head();

    /** Returns which call of the ledger this is, by which calls are counted. */
    Call call();

    /** Returns the id of the run, task or event that this is about, for messages. */
    String subject();

    /** Has this command carried out by the method of the handler that is made for it. */
    O on(Handler handler);

    /** Carries commands out. A store implements it once for all commands; a command that is added later does not compile unhandled. */
    interface Handler {
        /** Makes the run, unless its id exists, its delivery was seen and must not be again, or its guard is held. */
        Dispatch dispatch(DispatchRun command);

        /** Applies the change if it fits, and stores its event with it: both or neither. */
        Transition change(RunChange command);

        /** Makes the worker the owner of a run that is RUNNING, has no owner and was not handed off. No transition, and no event. */
        Transition claim(ClaimRun command);

        /** Applies the change to a task if it fits and its run is in flight, and stores its event with it: both or neither. */
        TaskTransition change(TaskChange command);

        /** Stores the event of a refusal, which has no run. The same event again changes nothing. */
        Dispatch refuse(RecordRefusal command);

        /**
         * Stores a run from elsewhere as its changes left it, with its tasks and one event for each change, at their own times: all or
         * nothing. {@link ImportRun#life()} computes them. A run in flight takes its guard as a dispatched one does, and is refused if
         * another has it; a run that ended holds none. A delivery that was seen before keeps no run out.
         */
        CallOutcome.Imported importRun(ImportRun command);
    }

    /** Lists the calls that reach a store, by which calls are counted. */
    enum Call {
        /** Dispatches a run. */
        DISPATCH,
        /** Records a refusal. */
        REFUSE,
        /** Marks a run that could not be enqueued. */
        ENQUEUE_FAILED,
        /** Starts a run. */
        START,
        /** Claims a run. */
        CLAIM,
        /** Suspends a run. */
        SUSPEND,
        /** Resumes a run. */
        RESUME,
        /** Puts a run back into its queue. */
        REQUEUE,
        /** Hands a run off to a child. */
        HAND_OFF,
        /** Ends a run as SUCCEEDED. */
        SUCCEED,
        /** Ends a run as INCOMPLETE. */
        INCOMPLETE,
        /** Ends a run as FAILED. */
        FAIL,
        /** Ends a run as CANCELLED. */
        CANCEL,
        /** Imports a run. */
        IMPORT,
        /** Starts a task. */
        START_TASK,
        /** Skips a task. */
        SKIP_TASK,
        /** Ends an attempt of a task as SUCCEEDED. */
        SUCCEED_TASK,
        /** Ends an attempt of a task as FAILED. */
        FAIL_TASK,
        /** Starts a further attempt of a task. */
        RETRY_TASK;

        /** Returns the code of this call in a metric's tag: {@code dispatch}, {@code start_task} and so on. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the call that makes this change to a run. */
        public static Call of(RunCommand command) {
            return switch (command) {
                case ENQUEUE_FAILED -> ENQUEUE_FAILED;
                case START -> START;
                case SUSPEND -> SUSPEND;
                case RESUME -> RESUME;
                case REQUEUE -> REQUEUE;
                case HAND_OFF -> HAND_OFF;
                case SUCCEED -> SUCCEED;
                case INCOMPLETE -> INCOMPLETE;
                case FAIL -> FAIL;
                case CANCEL -> CANCEL;
            };
        }
    }

    /**
     * Asks for a run.
     *
     * @param run what is asked for, with its id
     * @param head what all commands have in common
     */
    record DispatchRun(NewRun run, Head head) implements StoreCommand<Dispatch> {
        /** Checks that the run has an id. */
        public DispatchRun {
            Objects.requireNonNull(head, "head");
            if (run.id().isEmpty()) {
                throw new IllegalArgumentException(
                        "a run of '%s' has no id, expected one".formatted(run.workflowName()));
            }
        }

        /** Returns the id of the run. */
        public RunId runId() {
            return run.id().orElseThrow();
        }

        @Override
        public Call call() {
            return Call.DISPATCH;
        }

        @Override
        public String subject() {
            return runId().value();
        }

        @Override
        public Dispatch on(Handler handler) {
            return handler.dispatch(this);
        }
    }

    /**
     * Asks for the ownership of a run that is RUNNING and has no owner.
     *
     * @param runId the run
     * @param worker the new owner
     * @param head what all commands have in common
     */
    record ClaimRun(RunId runId, String worker, Head head) implements StoreCommand<Transition> {
        /** Checks that the parts are there. */
        public ClaimRun {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public Call call() {
            return Call.CLAIM;
        }

        @Override
        public String subject() {
            return runId.value();
        }

        @Override
        public Transition on(Handler handler) {
            return handler.claim(this);
        }
    }

    /**
     * Asks to store the event of a refusal.
     *
     * @param refusal the refusal, which is the outcome of the command
     * @param event its event
     * @param head what all commands have in common
     */
    record RecordRefusal(Dispatch.Refused refusal, LedgerEvent event, Head head) implements StoreCommand<Dispatch> {
        /** Checks that the parts are there. */
        public RecordRefusal {
            Objects.requireNonNull(refusal, "refusal");
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public Call call() {
            return Call.REFUSE;
        }

        @Override
        public String subject() {
            return event.eventId();
        }

        @Override
        public Dispatch on(Handler handler) {
            return handler.refuse(this);
        }
    }

    /**
     * Asks to store a run from elsewhere. {@link RunImport} makes it.
     *
     * @param run what was asked for, with its id; it is not once per delivery any more
     * @param queuedAt when, cut to microseconds
     * @param changes the changes of the run and of its tasks, in the order of their times
     * @param head what all commands have in common
     */
    record ImportRun(NewRun run, Instant queuedAt, List<RunImport.Change> changes, Head head)
            implements StoreCommand<CallOutcome.Imported> {
        /** Checks that each change fits what those before it made, and throws an {@link IllegalArgumentException} that names it if not. */
        public ImportRun {
            Objects.requireNonNull(head, "head");
            run = run.oncePerDelivery(false);
            queuedAt = queuedAt.truncatedTo(ChronoUnit.MICROS);
            changes = List.copyOf(changes);
            RunImport.Life checked = ImportedLife.of(run, queuedAt, changes);
            Objects.requireNonNull(checked, "life");
        }

        /** Returns what the changes make of the run and its tasks. */
        public RunImport.Life life() {
            return ImportedLife.of(run, queuedAt, changes);
        }

        @Override
        public Call call() {
            return Call.IMPORT;
        }

        @Override
        public String subject() {
            return run.id().orElseThrow().value();
        }

        @Override
        public CallOutcome.Imported on(Handler handler) {
            return handler.importRun(this);
        }
    }

    /** What all commands have in common. Immutable: each setter returns a copy. */
    final class Head {
        private static final EventFields NO_FIELDS = EventFields.of();

        private final long callId;
        private @Nullable String idempotencyKey;
        private @Nullable String actor;
        private @Nullable String instance;
        private @Nullable Recovery recovered;
        private @Nullable String expectedClaim;
        private @Nullable Long expectedSeq;
        private EventFields customFields = NO_FIELDS;

        private Head(long callId) {
            this.callId = callId;
        }

        private Head with(Consumer<Head> change) {
            Head copy = new Head(callId);
            copy.idempotencyKey = idempotencyKey;
            copy.actor = actor;
            copy.instance = instance;
            copy.recovered = recovered;
            copy.expectedClaim = expectedClaim;
            copy.expectedSeq = expectedSeq;
            copy.customFields = customFields;
            change.accept(copy);
            return copy;
        }

        /** Returns a head with a new call id and nothing else. */
        public static Head of() {
            return of(null, NO_FIELDS);
        }

        /**
         * Returns a head with a new call id, an idempotency key or null, and custom fields, clean as {@link EventFields#asCustom} makes
         * them.
         */
        public static Head of(@Nullable String idempotencyKey, EventFields customFields) {
            Head head = new Head(ThreadLocalRandom.current().nextLong());
            head.idempotencyKey = idempotencyKey;
            head.customFields = Objects.requireNonNull(customFields, "customFields");
            return head;
        }

        /** Returns the same head with the caller's idempotency key. Default: none. */
        public Head idempotencyKey(@Nullable String idempotencyKey) {
            return with(copy -> copy.idempotencyKey = idempotencyKey);
        }

        /** Returns the same head with who is behind the call. Default: nobody is named. */
        public Head actor(@Nullable String actor) {
            return with(copy -> copy.actor = actor);
        }

        /** Returns the same head with the process that makes the call. Default: none is named. */
        public Head instance(@Nullable String instance) {
            return with(copy -> copy.instance = instance);
        }

        /** Returns the same head for a call of a recovery. Default: it is none. */
        public Head recovered(@Nullable Recovery recovered) {
            return with(copy -> copy.recovered = recovered);
        }

        /** Returns the same head for a change that is applied only while the claim with this token has the run. Default: any claim. */
        public Head expectedClaim(@Nullable String expectedClaim) {
            return with(copy -> copy.expectedClaim = expectedClaim);
        }

        /** Returns the same head for a change that is applied only to the run at this version. Default: any version. */
        public Head expectedSeq(@Nullable Long expectedSeq) {
            return with(copy -> copy.expectedSeq = expectedSeq);
        }

        /** Returns the same head with custom fields for the event, clean as {@link EventFields#asCustom} makes them. Default: none. */
        public Head customFields(EventFields customFields) {
            return with(copy -> copy.customFields = Objects.requireNonNull(customFields, "customFields"));
        }

        /**
         * Returns the id of this very call, unique in its run or task. A store keeps it with the event, so that it knows the call again
         * when it sends a command a second time after a lost answer. The call id of a start or a claim is its claim token.
         */
        public String callId() {
            return Long.toHexString(callId);
        }

        /** Returns the caller's key, unique in its run or task: a call with the key of a stored event is applied already, or is another call. */
        public Optional<String> idempotencyKey() {
            return Optional.ofNullable(idempotencyKey);
        }

        /** Returns who is behind the call. */
        public Optional<String> actor() {
            return Optional.ofNullable(actor);
        }

        /** Returns the process that makes the call; a start or a claim gives it the run. */
        public Optional<String> instance() {
            return Optional.ofNullable(instance);
        }

        /** Returns which recovery makes the call. */
        public Optional<Recovery> recovered() {
            return Optional.ofNullable(recovered);
        }

        /** Returns the token of the claim that has to have the run for the change to be applied. */
        public Optional<String> expectedClaim() {
            return Optional.ofNullable(expectedClaim);
        }

        /** Returns the version that the run has to have for the change to be applied. */
        public Optional<Long> expectedSeq() {
            return Optional.ofNullable(expectedSeq);
        }

        /** Returns the custom fields of the event. They must not be changed. */
        public EventFields customFields() {
            return customFields;
        }
    }
}
