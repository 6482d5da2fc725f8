package dev.runledger.sink;

import dev.runledger.event.EventField;
import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.redact.Redactor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes each event as one line of the log, at the level of the event, in one of three {@linkplain Mode modes}.
 *
 * <p>Called inline. The message is a short sentence without data; the mode says how the fields stand on the line. During the call the
 * names on the line are taken out of the MDC, and afterwards the MDC is exactly as it was. Thread-safe.
 */
public final class Slf4jSink implements EventSink {
    /** The logger of the first two modes, unless the application names another. */
    public static final String LOGGER = "dev.runledger.events";

    /** The logger of {@link Mode#JSON_MESSAGE}, unless the application names another. It needs an appender of its own. */
    public static final String JSON_LOGGER = "dev.runledger.events.json";

    private static final String STACK = EventField.ERROR_STACK.fieldName();

    private final Logger logger;
    private final Mode mode;
    private final Naming naming;
    private final @Nullable LegacyFields legacy;
    private final boolean attachError;

    private Slf4jSink(Builder builder) {
        boolean json = builder.mode == Mode.JSON_MESSAGE;
        String name = builder.logger != null ? builder.logger : json ? JSON_LOGGER : LOGGER;
        this.logger = LoggerFactory.getLogger(name);
        this.mode = builder.mode;
        this.naming = builder.naming;
        this.legacy = builder.legacy == null ? null : new LegacyFields(builder.legacy, builder.redactor);
        this.attachError = builder.attachError != null ? builder.attachError : !json;
    }

    /** Returns a sink that writes key-values in camelCase to the logger {@value #LOGGER}. */
    public static Slf4jSink keyValues() {
        return builder().build();
    }

    /** Returns a sink that writes the JSON form as the message of the logger {@value #JSON_LOGGER}. Needs Jackson. */
    public static Slf4jSink jsonMessage() {
        return builder().mode(Mode.JSON_MESSAGE).build();
    }

    /** Starts a sink with the defaults of {@link #keyValues()}. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    /** Returns whether the logger is on at the level of the type, or at the more severe one that its fields can make of it. */
    @Override
    public boolean wants(EventType type) {
        return logger.isEnabledForLevel(type.level())
                || (type.level() != Level.ERROR && type.mayBeMoreSevere() && logger.isErrorEnabled());
    }

    @Override
    public void accept(LedgerEvent event) {
        Level level = event.level();
        if (!logger.isEnabledForLevel(level)) {
            return;
        }
        Map<String, String> before = MdcGuard.copy();
        boolean touched = mode == Mode.MDC || before != null;
        try {
            switch (mode) {
                case KEY_VALUES -> logKeyValues(event, level, before);
                case MDC -> logMdc(event, level, before);
                case JSON_MESSAGE -> logJson(event, level, before);
            }
        } finally {
            if (touched) {
                MdcGuard.restore(before);
            }
        }
    }

    private void logKeyValues(LedgerEvent event, Level level, @Nullable Map<String, String> before) {
        LoggingEventBuilder[] line = {begin(event, level, event.type().message())
        }; // each call may return another builder
        fields(event, before, (name, value) -> line[0] = line[0].addKeyValue(name, value));
        line[0].log();
    }

    private void logMdc(LedgerEvent event, Level level, @Nullable Map<String, String> before) {
        Map<String, Object> line = new LinkedHashMap<>();
        fields(event, before, line::put);
        line.forEach((name, value) -> MDC.put(name, value.toString())); // once what clashes with them is out of it
        begin(event, level, event.type().message()).log();
    }

    private void logJson(LedgerEvent event, Level level, @Nullable Map<String, String> before) {
        StringBuilder json = JsonBuffer.take().append('{');
        EventJson.append(json, "severity", severity(level));
        fields(event, before, (name, value) -> EventJson.append(json, name, value));
        String message = json.append('}').toString();
        JsonBuffer.giveBack(json);
        Throwable error = attachError ? event.cause().orElse(null) : null;
        switch (level) { // the plain calls, which need no builder
            case ERROR -> logger.error(message, error);
            case WARN -> logger.warn(message, error);
            case INFO -> logger.info(message, error);
            case DEBUG, TRACE -> logger.debug(message, error);
        }
    }

    private LoggingEventBuilder begin(LedgerEvent event, Level level, String message) {
        LoggingEventBuilder line = logger.atLevel(level).setMessage(message);
        return attachError && event.cause().isPresent()
                ? line.setCause(event.cause().get())
                : line;
    }

    /** Puts the fields on the line, and hides what clashes with their names in the MDC as it was before. */
    private void fields(LedgerEvent event, @Nullable Map<String, String> before, BiConsumer<String, Object> line) {
        if (before == null && legacy == null) { // nothing can clash
            written(event, line);
            return;
        }
        List<String> names = new ArrayList<>();
        BiConsumer<String, Object> noting = (name, value) -> {
            names.add(name);
            line.accept(name, value);
        };
        written(event, noting);
        if (legacy != null) {
            legacy.forEach(event, naming.names, names, noting);
        }
        if (before != null) {
            MdcGuard.hide(before, names);
        }
    }

    private void written(LedgerEvent event, BiConsumer<String, Object> line) {
        boolean withoutStack = attachError && event.cause().isPresent(); // the encoder prints it from the throwable
        event.fields().forEach((name, value) -> {
            if (!withoutStack || !name.equals(STACK)) {
                line.accept(naming.names.of(name), value);
            }
        });
        if (naming == Naming.ECS_EVENT) {
            EcsEventFields.forEach(event, line);
        }
    }

    /** The names of Google Cloud's LogSeverity, which other collectors read as well. */
    private static String severity(Level level) {
        return switch (level) {
            case ERROR -> "ERROR";
            case WARN -> "WARNING";
            case INFO -> "INFO";
            case DEBUG, TRACE -> "DEBUG";
        };
    }

    /** Lists how an event's fields stand on the line. Which mode fits depends on the encoder; the manual has each. */
    public enum Mode {
        /**
         * As SLF4J key-values; the default. They are top-level fields under logstash-logback-encoder, Spring Boot's structured logging and
         * Log4j's ECS layout, and stand under {@code kvpList} in logback's own JsonEncoder.
         */
        KEY_VALUES,
        /** As MDC entries, put for the length of the call, for encoders that write only the MDC. Every value is text. */
        MDC,
        /**
         * As one line of JSON, with {@code severity}, which is the message of a logger of its own. The pattern for it is {@code
         * %msg%nopex%n}. Needs Jackson.
         */
        JSON_MESSAGE
    }

    /** Lists how field names are written on the log line. The JSON form, the store and the schema stay camelCase. */
    public enum Naming {
        /** As {@code queueWaitMs}; the default. An index that holds ECS documents does not take it: there, {@code event} is an object. */
        CAMEL_CASE(LineNames.CAMEL_CASE),
        /** As {@code queue_wait_ms}. An index that holds ECS documents does not take it either. */
        SNAKE_CASE(LineNames.SNAKE_CASE),
        /** As {@code runledger.queue_wait_ms}, custom fields too: for every index, beside documents of ECS and of OpenTelemetry. */
        ECS(LineNames.UNDER_ONE_OBJECT),
        /**
         * As {@link #ECS}, and with six fields of <a href="https://www.elastic.co/docs/reference/ecs/ecs-event">ECS's own</a>: {@code
         * event.action}, {@code event.id}, {@code event.outcome}, {@code event.duration} in nanoseconds, {@code event.sequence} and {@code
         * event.reason}. Spring Boot loses every such line if {@code logging.structured.json.add.event.*} is set.
         */
        ECS_EVENT(LineNames.UNDER_ONE_OBJECT);

        private final LineNames names;

        Naming(LineNames names) {
            this.names = names;
        }
    }

    /** Builds a {@link Slf4jSink}. Not thread-safe. */
    public static final class Builder {
        private Mode mode = Mode.KEY_VALUES;
        private Naming naming = Naming.CAMEL_CASE;
        private Redactor redactor = Redactor.standard();
        private @Nullable String logger;
        private @Nullable Function<LedgerEvent, Map<String, String>> legacy;
        private @Nullable Boolean attachError;

        private Builder() {}

        /** Sets how the fields stand on the line. Default: {@link Mode#KEY_VALUES}. */
        public Builder mode(Mode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /** Sets how the names are written. Default: {@link Naming#CAMEL_CASE}. */
        public Builder naming(Naming naming) {
            this.naming = Objects.requireNonNull(naming, "naming");
            return this;
        }

        /** Sets the name of the logger. Default: {@value Slf4jSink#LOGGER}, or {@value Slf4jSink#JSON_LOGGER} for the JSON message. */
        public Builder logger(String logger) {
            this.logger = Objects.requireNonNull(logger, "logger");
            return this;
        }

        /**
         * Adds the fields that the application's own lines had, such as {@code outcome}, for a time of transition. Their names are written as
         * they are. A field is left out if its name is one on the line, or the dotted prefix of one, or one that an encoder owns; the others
         * are cleaned and redacted like any text. Default: none.
         */
        public Builder legacyFields(Function<LedgerEvent, Map<String, String>> legacyFields) {
            this.legacy = Objects.requireNonNull(legacyFields, "legacyFields");
            return this;
        }

        /** Sets the redaction of legacy fields. The ledger redacts the event itself. Default: {@link Redactor#standard()}. */
        public Builder redactor(Redactor redactor) {
            this.redactor = Objects.requireNonNull(redactor, "redactor");
            return this;
        }

        /**
         * Sets whether the error of a failure is attached to the log call, so that an error tracker sees it with its stack. Default: yes,
         * except for the JSON message, where it stands in the fields.
         */
        public Builder attachError(boolean attachError) {
            this.attachError = attachError;
            return this;
        }

        /**
         * Returns the sink.
         *
         * @throws IllegalStateException if the mode needs Jackson and Jackson is not on the class path; the message names the artifact
         */
        public Slf4jSink build() {
            if (mode == Mode.JSON_MESSAGE) {
                EventJson.require("Slf4jSink.Mode.JSON_MESSAGE");
            }
            return new Slf4jSink(this);
        }
    }
}
