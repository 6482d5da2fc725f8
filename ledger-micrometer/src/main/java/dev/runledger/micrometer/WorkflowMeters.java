package dev.runledger.micrometer;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The meters of one workflow, each made when it is first needed and found by its tag afterwards. Thread-safe. */
final class WorkflowMeters {
    private final Capped<Timer> queueWaits;
    private final Capped<TaskMeters> tasks;
    private final Timer syncDuration;
    private final ByCode<Counter> events;
    private final ByCode<Timer> durations;
    private final ByCode<Timer> waits;
    private final ByCode<Counter> refusals;
    private final ByCode<Counter> started;
    private final ByCode<Counter> polls;

    WorkflowMeters(Meters meters, String workflow, Capped.Room queues, Capped.Room taskNames) {
        this.queueWaits = new Capped<>(queues, queue -> meters.timer(LedgerMeter.RUN_QUEUE_WAIT, workflow, queue));
        this.tasks = new Capped<>(taskNames, task -> new TaskMeters(meters, workflow, task));
        this.syncDuration = meters.timer(LedgerMeter.SYNC_POLL_DURATION, workflow);
        this.events = new ByCode<>(event -> meters.counter(LedgerMeter.RUN_EVENTS, workflow, event));
        this.durations = new ByCode<>(outcome -> meters.timer(LedgerMeter.RUN_DURATION, workflow, outcome));
        this.waits = new ByCode<>(code -> meters.timer(LedgerMeter.RUN_SUSPENDED, workflow, code));
        this.refusals = new ByCode<>(code -> meters.counter(LedgerMeter.DISPATCH_REFUSED, workflow, code));
        this.started = new ByCode<>(kind -> meters.counter(LedgerMeter.TASK_STARTED, workflow, kind));
        this.polls = new ByCode<>(outcome -> meters.counter(LedgerMeter.SYNC_POLLS, workflow, outcome));
    }

    /**
     * Meters by a tag whose values are a small closed set. An application that emits events itself may bring any other value; those that
     * find no room share {@code other}.
     */
    static final class ByCode<M> {
        private static final int MOST_CODES = 64;

        private final ConcurrentHashMap<String, M> made = new ConcurrentHashMap<>();
        private final Function<String, M> maker;

        ByCode(Function<String, M> maker) {
            this.maker = maker;
        }

        /** Returns the meter with this value of the tag. */
        M of(String code) {
            M known = made.get(code);
            return known != null ? known : made.computeIfAbsent(made.size() < MOST_CODES ? code : Capped.OTHER, maker);
        }
    }

    /** Counts an event of a run. */
    void run(WorkflowRunEvent type, LedgerEvent event) {
        events.of(type.eventName()).increment();
        switch (type) {
            case RUNNING -> record(queueWaits.get(code(event, EventField.TASK_QUEUE)), event, EventField.QUEUE_WAIT_MS);
            case RESUMED -> record(waits.of(code(event, EventField.REASON_CODE)), event, EventField.SUSPENDED_MS);
            case SUCCEEDED -> ended("succeeded", event);
            case INCOMPLETE -> ended("incomplete", event);
            case FAILED -> ended("failed", event);
            case CANCELLED -> ended("cancelled", event);
            case DISPATCH_REFUSED ->
                refusals.of(code(event, EventField.REASON_CODE)).increment();
            case AWAITED -> {
                event.number(EventField.POLLS)
                        .ifPresent(count ->
                                polls.of(code(event, EventField.OUTCOME)).increment(count));
                record(syncDuration, event, EventField.DURATION_MS);
            }
            case QUEUED, SUSPENDED, OVERDUE, REQUEUED, HANDED_OFF, ENQUEUE_FAILED, COMPLETED -> {}
        }
    }

    private void ended(String outcome, LedgerEvent event) {
        event.text(EventField.WAIT_CODE).ifPresent(code -> record(waits.of(code), event, EventField.WAIT_MS));
        Optional<Long> duration = event.number(EventField.DURATION_MS);
        if (duration.isPresent() && event.number(EventField.QUEUE_WAIT_MS).isPresent()) { // it ran
            long suspended = event.number(EventField.SUSPENDED_MS).orElse(0L);
            durations.of(outcome).record(Math.max(0, duration.get() - suspended), TimeUnit.MILLISECONDS);
        }
    }

    /** Counts an event of a task. */
    void task(TaskRunEvent type, LedgerEvent event) {
        switch (type) {
            case STARTED -> started.of(code(event, EventField.TASK_KIND)).increment();
            case SUCCEEDED ->
                record(task(event).duration(code(event, EventField.TASK_KIND), true), event, EventField.DURATION_MS);
            case FAILED ->
                record(task(event).duration(code(event, EventField.TASK_KIND), false), event, EventField.DURATION_MS);
            case RETRYING ->
                task(event).retries(isTrue(event, EventField.RETRY_EXPECTED)).increment();
            case SKIPPED, PROGRESS -> {}
        }
    }

    private TaskMeters task(LedgerEvent event) {
        return tasks.get(code(event, EventField.TASK_NAME));
    }

    /** Records a time if the event has it. */
    static void record(Timer timer, LedgerEvent event, EventField millis) {
        event.number(millis).ifPresent(taken -> timer.record(taken, TimeUnit.MILLISECONDS));
    }

    /** Returns a text field as a tag: {@code none} if the event has none, because a series has all of its tags. */
    static String code(LedgerEvent event, EventField field) {
        Object value = event.fields().get(field.fieldName()); // without an Optional, since every event comes here
        return value instanceof String text && !text.isEmpty() ? text : "none";
    }

    /** Returns whether the event has the field and it is true. */
    static boolean isTrue(LedgerEvent event, EventField field) {
        return event.get(field).filter(Boolean.TRUE::equals).isPresent();
    }

    /** The meters of one task of this workflow. */
    private static final class TaskMeters {
        private final ByCode<Timer> succeeded;
        private final ByCode<Timer> failed;
        private final Counter expected;
        private final Counter unexpected;

        TaskMeters(Meters meters, String workflow, String task) {
            this.succeeded =
                    new ByCode<>(kind -> meters.timer(LedgerMeter.TASK_DURATION, workflow, task, kind, "succeeded"));
            this.failed = new ByCode<>(kind -> meters.timer(LedgerMeter.TASK_DURATION, workflow, task, kind, "failed"));
            this.expected = meters.counter(LedgerMeter.TASK_RETRIES, workflow, task, "true");
            this.unexpected = meters.counter(LedgerMeter.TASK_RETRIES, workflow, task, "false");
        }

        /** Returns the timer of attempts of tasks of this kind. */
        Timer duration(String kind, boolean success) {
            return (success ? succeeded : failed).of(kind);
        }

        /** Returns the counter of further attempts. */
        Counter retries(boolean wasExpected) {
            return wasExpected ? expected : unexpected;
        }
    }
}
