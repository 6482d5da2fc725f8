package dev.runledger.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.runledger.event.LedgerEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * What a real encoder of logback prints of a logger, from all threads, beside whatever the host's configuration does with it. Needs
 * logback-classic. Levels are left as they are configured, and what a level keeps off is not expected. Thread-safe. Closing it takes its
 * appender away; it is one test's, so close it there or hand it to {@link LedgerKit#witness}.
 */
public final class LogbackCapture implements Witness, AutoCloseable {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Witness parsed = Witness.ofLines("log", () -> lines);
    private final Logger logger;
    private final Printer printer;

    private LogbackCapture(Logger logger, Encoder<ILoggingEvent> encoder) {
        this.logger = logger;
        this.printer = new Printer(encoder, lines);
        printer.setContext(logger.getLoggerContext());
        printer.start();
        logger.addAppender(printer);
    }

    /** Captures what this encoder prints of the logger with this name; it is started if need be. */
    public static LogbackCapture of(String logger, Encoder<ILoggingEvent> encoder) {
        Logger captured = (Logger) LoggerFactory.getLogger(logger);
        if (!encoder.isStarted()) {
            encoder.setContext(captured.getLoggerContext());
            encoder.start();
        }
        return new LogbackCapture(captured, encoder);
    }

    /** Captures the messages of a logger alone, for a log sink that writes the JSON form as its message. */
    public static LogbackCapture ofMessages(String logger) {
        PatternLayoutEncoder pattern = new PatternLayoutEncoder();
        pattern.setPattern("%msg%nopex%n");
        return of(logger, pattern);
    }

    /**
     * Captures what the encoder of an appender that the host configured prints of the logger with this name.
     *
     * @throws IllegalArgumentException if no logger has an appender of this name that encodes
     */
    public static LogbackCapture ofAppender(String logger, String appender) {
        LoggerContext context = ((Logger) LoggerFactory.getLogger(logger)).getLoggerContext();
        for (Logger each : context.getLoggerList()) {
            Appender<ILoggingEvent> found = each.getAppender(appender);
            if (found instanceof OutputStreamAppender<ILoggingEvent> encoding) {
                return of(logger, encoding.getEncoder());
            }
        }
        throw new IllegalArgumentException("no logger has an appender '%s' that encodes".formatted(appender));
    }

    /** The lines as they were printed, in order. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public String name() {
        return parsed.name();
    }

    /** The event's id, unless the logger is off at its level. */
    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        return logger.isEnabledForLevel(event.level()) ? parsed.keyOf(event) : Optional.empty();
    }

    @Override
    public List<Sighting> sightings(List<LedgerEvent> emitted) {
        return parsed.sightings(emitted);
    }

    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        return parsed.texts(emitted);
    }

    @Override
    public void close() {
        logger.detachAppender(printer);
        printer.stop();
    }

    /** Keeps what the encoder makes of an event, at the moment at which it is logged. */
    private static final class Printer extends AppenderBase<ILoggingEvent> {
        private final Encoder<ILoggingEvent> encoder;
        private final Queue<String> lines;

        Printer(Encoder<ILoggingEvent> encoder, Queue<String> lines) {
            this.encoder = encoder;
            this.lines = lines;
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8).stripTrailing());
        }
    }
}
