package dev.runledger.event;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/**
 * One entry of the vocabulary: {@link WorkflowRunEvent} or {@link TaskRunEvent}.
 *
 * <p>Says what an event of this type is called, at what level it is told, which fields it must and may have, and what it means.
 */
public sealed interface EventType permits WorkflowRunEvent, TaskRunEvent {
    /** The fields that every event may have, {@code workflowName} and those that the ledger sets apart. */
    Set<EventField> COMMON = Set.copyOf(EnumSet.range(EventField.RUN_ID, EventField.TRUNCATED));

    /** The fields that every event has. */
    Set<EventField> ALWAYS = Set.copyOf(EnumSet.range(EventField.EVENT, EventField.WORKFLOW_NAME));

    /** The event's name, such as {@code workflow.run.queued}. */
    String eventName();

    /** The level at which it is told, unless its fields make it graver: see {@link LedgerEvent#level()}. */
    Level level();

    /** A short sentence for the log line; it carries no data. */
    String message();

    /** One sentence of meaning, for the manual. */
    String meaning();

    /** The fields that an event of this type must have, beside {@link #ALWAYS}. */
    Set<EventField> required();

    /** The fields that an event of this type may have, beside {@link #COMMON}. */
    Set<EventField> optional();

    /** Whether it tells that a run has ended, so that it is the last to be dropped. */
    boolean isTerminal();

    /** Whether its fields can make an event of this type graver than {@link #level()}. */
    default boolean mayBeGraver() {
        return this == WorkflowRunEvent.FAILED || this == TaskRunEvent.RETRYING;
    }

    /** Whether the contract owns this field on events of this type. */
    boolean owns(EventField field);

    /** Every entry of the vocabulary, runs first. */
    static List<EventType> all() {
        return Stream.<EventType>concat(Stream.of(WorkflowRunEvent.values()), Stream.of(TaskRunEvent.values()))
                .toList();
    }

    /** The entry with this event name, or empty. */
    static Optional<EventType> ofName(String eventName) {
        return all().stream().filter(type -> type.eventName().equals(eventName)).findFirst();
    }
}
