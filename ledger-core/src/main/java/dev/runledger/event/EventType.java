package dev.runledger.event;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/**
 * One entry of the vocabulary: a {@link WorkflowRunEvent} or a {@link TaskRunEvent}.
 *
 * <p>Says the name of the event, its level, which fields it must and may have, and what it means.
 */
public sealed interface EventType permits WorkflowRunEvent, TaskRunEvent {
    /** The fields that every event has. */
    Set<EventField> ALWAYS = EventSpec.set(
            EventField.EVENT,
            EventField.EVENT_ID,
            EventField.SCHEMA_VERSION,
            EventField.OCCURRED_AT,
            EventField.WORKFLOW_NAME);

    /** The fields that every event may have, beside {@link #ALWAYS}. */
    Set<EventField> COMMON = EventSpec.set(
            EventField.RUN_ID,
            EventField.SEQ,
            EventField.TARGET,
            EventField.DELIVERY_ID,
            EventField.PROJECT,
            EventField.WORKFLOW_VERSION,
            EventField.CHANNEL,
            EventField.PARENT_RUN_ID,
            EventField.REPLAY_OF_RUN_ID,
            EventField.TRIGGER,
            EventField.TASK_QUEUE,
            EventField.CONTRACT_VIOLATION,
            EventField.TRUNCATED);

    /** Returns the name of the event, such as {@code workflow.run.queued}. */
    default String eventName() {
        return EventSpec.of(this).eventName();
    }

    /** Returns the level at which it is emitted, unless its fields make it more severe: see {@link LedgerEvent#level()}. */
    default Level level() {
        return EventSpec.of(this).level();
    }

    /** Returns a short sentence for the log line. It carries no data. */
    default String message() {
        return EventSpec.of(this).message();
    }

    /** Returns what the event means, in one sentence, for the manual. */
    default String meaning() {
        return EventSpec.of(this).meaning();
    }

    /** Returns the fields that an event of this type must have, beside {@link #ALWAYS}. */
    default Set<EventField> required() {
        return EventSpec.of(this).required();
    }

    /** Returns the fields that an event of this type may have, beside {@link #COMMON}. */
    default Set<EventField> optional() {
        return EventSpec.of(this).optional();
    }

    /** Returns whether the event reports the end of a run, so that a full queue drops it last. */
    default boolean isTerminal() {
        return EventSpec.of(this).terminal();
    }

    /** Returns whether fields can make an event of this type more severe than {@link #level()}. */
    default boolean mayBeMoreSevere() {
        return this == WorkflowRunEvent.FAILED || this == TaskRunEvent.RETRYING;
    }

    /** Returns whether the contract owns this field on events of this type. */
    default boolean owns(EventField field) {
        return EventSpec.of(this).owned().contains(field);
    }

    /** Returns every entry of the vocabulary, runs first. */
    static List<EventType> all() {
        return Stream.<EventType>concat(Stream.of(WorkflowRunEvent.values()), Stream.of(TaskRunEvent.values()))
                .toList();
    }

    /** Returns the entry with this event name, or empty if there is none. */
    static Optional<EventType> ofName(String eventName) {
        return all().stream().filter(type -> type.eventName().equals(eventName)).findFirst();
    }
}
