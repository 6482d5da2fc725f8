package dev.runledger.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Captures what an encoder of Logback prints for a logger, from all threads, beside the appenders of the application. Needs
 * logback-classic.
 *
 * <p>Levels stay as they are configured, and an event below the level is not expected. Thread-safe. Closing it removes its appender: close
 * it in the test, or hand it to {@link LedgerKit#witness}.
 */
public final class LogbackCapture extends PrintedLines {
    private final Logger logger;
    private final Printer printer;

    private LogbackCapture(Logger logger, Encoder<ILoggingEvent> encoder) {
        this.logger = logger;
        this.printer = new Printer(encoder);
        printer.setContext(logger.getLoggerContext());
        printer.start();
        logger.addAppender(printer);
    }

    /** Captures what this encoder prints for the logger with this name. The encoder is started if it is not. */
    public static LogbackCapture of(String logger, Encoder<ILoggingEvent> encoder) {
        Logger captured = (Logger) LoggerFactory.getLogger(logger);
        if (!encoder.isStarted()) {
            encoder.setContext(captured.getLoggerContext());
            encoder.start();
        }
        return new LogbackCapture(captured, encoder);
    }

    /** Captures only the messages of a logger, for a log sink that writes the JSON form as its message. */
    public static LogbackCapture ofMessages(String logger) {
        PatternLayoutEncoder pattern = new PatternLayoutEncoder();
        pattern.setPattern("%msg%nopex%n");
        return of(logger, pattern);
    }

    /**
     * Captures what the encoder of an appender that the application configured prints for the logger with this name.
     *
     * @throws IllegalArgumentException if no logger has an appender of this name with an encoder
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

    @Override
    boolean isEnabled(Level level) {
        return logger.isEnabledForLevel(level);
    }

    @Override
    public void close() {
        logger.detachAppender(printer);
        printer.stop();
    }

    /** Keeps what the encoder prints for an event, at the moment at which it is logged. */
    private final class Printer extends AppenderBase<ILoggingEvent> {
        private final Encoder<ILoggingEvent> encoder;

        Printer(Encoder<ILoggingEvent> encoder) {
            this.encoder = encoder;
        }

        @Override
        protected void append(ILoggingEvent event) {
            add(new String(encoder.encode(event), StandardCharsets.UTF_8));
        }
    }
}
