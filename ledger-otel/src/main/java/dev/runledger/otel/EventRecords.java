package dev.runledger.otel;

import dev.runledger.event.LedgerEvent;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import org.slf4j.event.Level;

/** Emits each event as one log record. Thread-safe. */
final class EventRecords {
    private final Logger logger;
    private final Propagation propagation;
    private final FieldKeys keys;

    EventRecords(Logger logger, Propagation propagation, FieldKeys keys) {
        this.logger = logger;
        this.propagation = propagation;
        this.keys = keys;
    }

    /** Emits the record of an event. */
    void emit(LedgerEvent event) {
        Level level = event.level();
        LogRecordBuilder builder = logger.logRecordBuilder()
                .setTimestamp(event.occurredAt())
                .setContext(propagation.of(event))
                .setSeverity(severity(level))
                .setSeverityText(level.name())
                .setBody(event.type().message())
                .setAttribute(Attribute.UID.key(), event.eventId());
        if (ApiVersion.HAS_EVENT_NAME) {
            builder.setEventName(event.eventName());
        } else {
            builder.setAttribute(Attribute.EVENT_NAME.key(), event.eventName());
        }
        keys.onRecord(event, builder);
        String errorType = Errors.typeOf(event);
        if (errorType != null) {
            builder.setAttribute(Attribute.ERROR_TYPE.key(), errorType);
        }
        builder.emit();
    }

    private static Severity severity(Level level) {
        return switch (level) {
            case ERROR -> Severity.ERROR;
            case WARN -> Severity.WARN;
            case INFO -> Severity.INFO;
            case DEBUG -> Severity.DEBUG;
            case TRACE -> Severity.TRACE;
        };
    }
}
