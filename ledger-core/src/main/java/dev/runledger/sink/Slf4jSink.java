package dev.runledger.sink;

import dev.runledger.event.EventField;
import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.Redactor;
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
 * Writes each event as one line of the log, at the event's level, in one of three {@linkplain LineMode modes}.
 *
 * <p>Told inline. The message is a short sentence without data; the fields are on the line as the mode says. Afterwards the
 * host's MDC is exactly as it was, and during the call the line's own names are taken out of it. Thread-safe.
 */
public final class Slf4jSink implements EventSink {
    /** The logger of the first two modes, unless the host names another. */
    public static final String LOGGER = "dev.runledger.events";

    /** The logger of {@link LineMode#JSON_MESSAGE}, unless the host names another: it wants an appender of its own. */
    public static final String JSON_LOGGER = "dev.runledger.events.json";

    private static final String STACK = EventField.ERROR_STACK.fieldName();

    private final Logger logger;
    private final LineMode mode;
    private final LineNaming naming;
    private final @Nullable LegacyFields legacy;
    private final boolean attachError;

    private Slf4jSink(Builder builder) {
        boolean json = builder.mode == LineMode.JSON_MESSAGE;
        String name = builder.logger != null ? builder.logger : json ? JSON_LOGGER : LOGGER;
        this.logger = LoggerFactory.getLogger(name);
        this.mode = builder.mode;
        this.naming = builder.naming;
        this.legacy = builder.legacy == null ? null : new LegacyFields(builder.legacy, builder.redactor);
        this.attachError = builder.attachError != null ? builder.attachError : !json;
    }

    /** A sink that writes key-values in camelCase to the logger {@value #LOGGER}. */
    public static Slf4jSink keyValues() {
        return builder().build();
    }

    /** A sink that writes the JSON form as the message of the logger {@value #JSON_LOGGER}. Needs Jackson. */
    public static Slf4jSink jsonMessage() {
        return builder().mode(LineMode.JSON_MESSAGE).build();
    }

    /** Starts from the defaults of {@link #keyValues()}. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    /** Whether the logger is on at the level of the type, or at the graver one that its fields can make of it. */
    @Override
    public boolean wants(EventType type) {
        return logger.isEnabledForLevel(type.level())
                || (type.level() != Level.ERROR && type.mayBeGraver() && logger.isErrorEnabled());
    }

    @Override
    public void accept(LedgerEvent event) {
        Level level = event.level();
        if (!logger.isEnabledForLevel(level)) {
            return;
        }
        Map<String, String> before = MdcGuard.copy();
        boolean touched = mode == LineMode.MDC || before != null;
        try {
            switch (mode) {
                case KEY_VALUES -> logKeyValues(event, level, before);
                case MDC -> logMdc(event, level);
                case JSON_MESSAGE -> logJson(event, level, before);
            }
        } finally {
            if (touched) {
                MdcGuard.restore(before);
            }
        }
    }

    private void logKeyValues(LedgerEvent event, Level level, @Nullable Map<String, String> before) {
        KeyValueLine line = new KeyValueLine(begin(event, level, event.type().message()), before);
        fields(event, line);
        line.builder.log();
    }

    private void logMdc(LedgerEvent event, Level level) {
        fields(event, (name, value) -> MDC.put(name, value.toString()));
        begin(event, level, event.type().message()).log();
    }

    private void logJson(LedgerEvent event, Level level, @Nullable Map<String, String> before) {
        StringBuilder json = JsonBuffer.take().append('{');
        EventJson.append(json, "severity", severity(level));
        fields(event, (name, value) -> {
            if (before != null) {
                MdcGuard.hide(before, name);
            }
            EventJson.append(json, name, value);
        });
        String message = json.append('}').toString();
        JsonBuffer.giveBack(json);
        Throwable error = attachError ? event.cause() : null;
        switch (level) { // the plain calls, which need no builder
            case ERROR -> logger.error(message, error);
            case WARN -> logger.warn(message, error);
            case INFO -> logger.info(message, error);
            case DEBUG, TRACE -> logger.debug(message, error);
        }
    }

    private LoggingEventBuilder begin(LedgerEvent event, Level level, String message) {
        LoggingEventBuilder line = logger.atLevel(level).setMessage(message);
        return attachError && event.cause() != null ? line.setCause(event.cause()) : line;
    }

    private void fields(LedgerEvent event, BiConsumer<String, Object> line) {
        boolean withoutStack = attachError && event.cause() != null; // the encoder prints it from the throwable
        event.fields().forEach((name, value) -> {
            if (!(withoutStack && name.equals(STACK))) {
                line.accept(naming.apply(name), value);
            }
        });
        if (legacy != null) {
            legacy.forEach(event, line);
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

    /** Adds the fields of a line to a builder, each call of which may answer another builder. */
    private static final class KeyValueLine implements BiConsumer<String, Object> {
        private final @Nullable Map<String, String> hostsMdc;
        private LoggingEventBuilder builder;

        KeyValueLine(LoggingEventBuilder builder, @Nullable Map<String, String> hostsMdc) {
            this.builder = builder;
            this.hostsMdc = hostsMdc;
        }

        @Override
        public void accept(String name, Object value) {
            if (hostsMdc != null) {
                MdcGuard.hide(hostsMdc, name);
            }
            builder = builder.addKeyValue(name, value);
        }
    }

    /** Builds a {@link Slf4jSink}. Not thread-safe. */
    public static final class Builder {
        private LineMode mode = LineMode.KEY_VALUES;
        private LineNaming naming = LineNaming.CAMEL_CASE;
        private Redactor redactor = Redactor.standard();
        private @Nullable String logger;
        private @Nullable Function<LedgerEvent, Map<String, String>> legacy;
        private @Nullable Boolean attachError;

        private Builder() {}

        /** How the fields are put on the line. Default: {@link LineMode#KEY_VALUES}. */
        public Builder mode(LineMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /** How the names are written. Default: {@link LineNaming#CAMEL_CASE}. */
        public Builder naming(LineNaming naming) {
            this.naming = Objects.requireNonNull(naming, "naming");
            return this;
        }

        /** The logger's name. Default: {@value Slf4jSink#LOGGER}, or {@value Slf4jSink#JSON_LOGGER} for the JSON message. */
        public Builder logger(String logger) {
            this.logger = Objects.requireNonNull(logger, "logger");
            return this;
        }

        /**
         * Fields that the host's line had before it had this library's, such as {@code outcome}, for a time of transition. One
         * whose name the event's contract owns, or an encoder, is left out; the others are cleaned and redacted like any text.
         * Default: none.
         */
        public Builder legacyFields(Function<LedgerEvent, Map<String, String>> legacyFields) {
            this.legacy = Objects.requireNonNull(legacyFields, "legacyFields");
            return this;
        }

        /** The redaction of legacy fields; that of the event itself is the ledger's. Default: {@link Redactor#standard()}. */
        public Builder redactor(Redactor redactor) {
            this.redactor = Objects.requireNonNull(redactor, "redactor");
            return this;
        }

        /**
         * Whether the error of a failure is attached to the log call, so that an error tracker sees it with its stack. Default:
         * yes, but for the JSON message, where it stands in the fields.
         */
        public Builder attachError(boolean attachError) {
            this.attachError = attachError;
            return this;
        }

        /** The sink. Throws an {@link IllegalStateException} that names the artifact where the mode needs Jackson and has none. */
        public Slf4jSink build() {
            if (mode == LineMode.JSON_MESSAGE) {
                EventJson.require("LineMode.JSON_MESSAGE");
            }
            return new Slf4jSink(this);
        }
    }
}
