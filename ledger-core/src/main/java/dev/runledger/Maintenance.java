package dev.runledger;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.RunChange;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Gives background work what it needs of a ledger beside the calls that everybody has. {@code Operations} are made of it; an application
 * that recovers runs by code of its own can use it too. Thread-safe.
 */
@CheckReturnValue
public final class Maintenance {
    private final LedgerCalls calls;

    Maintenance(LedgerCalls calls) {
        this.calls = calls;
    }

    /**
     * Returns the store as one of its optional ports, such as {@code LeaseStore.class}.
     *
     * @throws IllegalStateException if the store does not implement it
     */
    public <T> T port(Class<T> port) {
        if (port.isInstance(calls.store())) {
            return port.cast(calls.store());
        }
        throw new IllegalStateException("%s has no %s, expected a store that implements it"
                .formatted(calls.store().getClass().getName(), port.getSimpleName()));
    }

    /**
     * Hands a run to the {@link RunQueue} once more that waits for a worker: QUEUED, or RUNNING without an owner. Its state stays, and so
     * it does if the queue throws.
     *
     * @return whether it was handed over; false if it does not wait for a worker, or if the ledger has no queue
     * @throws IllegalStateException if the queue threw, with that as the cause
     */
    public boolean offer(RunId id) {
        RunQueue queue = calls.queue();
        WorkflowRun run = queue == null ? null : calls.history().run(id).orElse(null);
        if (queue == null || run == null || !waitsForWorker(run)) {
            return false;
        }
        try {
            queue.enqueue(run);
            return true;
        } catch (Exception refused) {
            if (refused instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("run %s could not be handed to the queue".formatted(id), refused);
        }
    }

    private static boolean waitsForWorker(WorkflowRun run) {
        return run.state() == RunState.QUEUED
                || (run.state() == RunState.RUNNING && run.owner().isEmpty() && !run.handedOff());
    }

    /**
     * Emits {@code workflow.run.overdue} for a run whose wait has passed its deadline, once for each wait, by whichever process.
     *
     * @param run the run as it was found
     * @param late how long ago the deadline was
     * @return whether it was emitted; false if it was before, or if the run does not wait any more
     * @throws IllegalStateException if the store does not implement {@link RecoveryStore}
     */
    public boolean reportOverdue(WorkflowRun run, Duration late) {
        Objects.requireNonNull(run, "run");
        if (!port(RecoveryStore.class).reportOverdue(run.id(), run.seq())) {
            return false;
        }
        Instant deadline = run.latestWait().flatMap(wait -> wait.deadline()).orElseThrow();
        Instant now = deadline.plus(late);
        Duration waited = Duration.between(run.times().suspendedAt().orElse(deadline), now);
        calls.events()
                .emit(
                        WorkflowRunEvent.OVERDUE,
                        () -> calls.events()
                                .build(
                                        WorkflowRunEvent.OVERDUE,
                                        run.eventId() + ":overdue",
                                        now,
                                        RunChange.overdueFields(run, waited),
                                        run),
                        null);
        return true;
    }

    /**
     * Removes a body from the {@code PayloadStore} that no payload refers to any more, unless it was put again since then.
     *
     * @param unlessPutSince a time by the clock of this process, before the last payload that had it was removed
     * @return false if the ledger has no payload store
     */
    public boolean removePayload(String reference, Instant unlessPutSince) {
        return calls.payloads().remove(Objects.requireNonNull(reference, "reference"), unlessPutSince);
    }
}
