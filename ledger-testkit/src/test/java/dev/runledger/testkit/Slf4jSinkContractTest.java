package dev.runledger.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.runledger.event.EventJson;
import dev.runledger.sink.Slf4jSink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.slf4j.LoggerFactory;

/** The log sink in each of its modes, read back from what the logger was given. */
class Slf4jSinkContractTest {
    @Nested
    class KeyValues extends Mode {
        KeyValues() {
            super(Slf4jSink.Mode.KEY_VALUES, line -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                line.getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
                return fields;
            });
        }
    }

    @Nested
    class Mdc extends Mode {
        Mdc() {
            super(Slf4jSink.Mode.MDC, line -> Map.copyOf(line.getMDCPropertyMap()));
        }
    }

    @Nested
    class JsonMessage extends Mode {
        JsonMessage() {
            super(
                    Slf4jSink.Mode.JSON_MESSAGE,
                    line -> EventJson.read(line.getMessage()).fields());
        }
    }

    /** One mode, and what of a line has the fields. */
    abstract static class Mode extends EventSinkContract {
        private final Slf4jSink.Mode mode;
        private final Lines lines;

        Mode(Slf4jSink.Mode mode, Function<ILoggingEvent, Map<String, ?>> reader) {
            this.mode = mode;
            this.lines = new Lines("dev.runledger.contract." + mode, reader);
        }

        @Override
        protected TestedSink newSink() {
            lines.fields.clear();
            Slf4jSink sink = Slf4jSink.builder()
                    .mode(mode)
                    .logger(lines.logger.getName())
                    .build();
            return TestedSink.withFields(sink, () -> List.copyOf(lines.fields));
        }

        @AfterEach
        void detach() {
            lines.logger.detachAppender(lines);
        }
    }

    /** Reads each line while it is written: the MDC is another one afterwards. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<Map<String, ?>> fields = new ConcurrentLinkedQueue<>();
        private final Function<ILoggingEvent, Map<String, ?>> reader;
        private final Logger logger;

        Lines(String name, Function<ILoggingEvent, Map<String, ?>> reader) {
            this.reader = reader;
            this.logger = (Logger) LoggerFactory.getLogger(name);
            setContext(logger.getLoggerContext());
            logger.setLevel(Level.TRACE);
            logger.setAdditive(false);
            logger.addAppender(this);
            start();
        }

        @Override
        protected void append(ILoggingEvent line) {
            fields.add(reader.apply(line));
        }
    }
}
