package dev.runledger.testkit;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * Captures what a layout of Log4j prints for a logger, from all threads, beside the appenders of the application. Needs log4j-core as the
 * implementation of Log4j's API, and log4j-slf4j2-impl for what the log sink writes.
 *
 * <p>Levels stay as they are configured, and an event below the level is not expected. A logger without a level of its own has from here on
 * the one that it inherits now. A new configuration of Log4j, as Spring Boot makes one when a context starts, ends the capture: make it
 * after that. Thread-safe. Closing it removes its appender: close it in the test, or hand it to {@link LedgerKit#witness}.
 */
public final class Log4jCapture extends PrintedLines {
    private final Logger logger;
    private final Printer printer;

    private Log4jCapture(Logger logger, Layout<?> layout) {
        this.logger = logger;
        this.printer = new Printer(layout);
        printer.start();
        logger.addAppender(printer);
    }

    /**
     * Captures what this layout prints for the logger with this name.
     *
     * @throws IllegalStateException if Log4j's API does not run on log4j-core
     */
    public static Log4jCapture of(String logger, Layout<?> layout) {
        return new Log4jCapture(named(logger), layout);
    }

    /**
     * Captures only the messages of a logger, for a log sink that writes the JSON form as its message.
     *
     * @throws IllegalStateException if Log4j's API does not run on log4j-core
     */
    public static Log4jCapture ofMessages(String logger) {
        return of(
                logger,
                PatternLayout.newBuilder()
                        .setPattern("%m{nolookups}%n")
                        .setAlwaysWriteExceptions(false)
                        .build());
    }

    /**
     * Captures what the layout of an appender that the application configured prints for the logger with this name.
     *
     * @throws IllegalArgumentException if there is no appender of this name, or it has no layout
     * @throws IllegalStateException if Log4j's API does not run on log4j-core
     */
    public static Log4jCapture ofAppender(String logger, String appender) {
        Appender found = named(logger).getContext().getConfiguration().getAppender(appender);
        if (found == null || found.getLayout() == null) {
            throw new IllegalArgumentException("there is no appender '%s' with a layout".formatted(appender));
        }
        return of(logger, found.getLayout());
    }

    private static Logger named(String name) {
        if (LogManager.getLogger(name) instanceof Logger logger) {
            return logger;
        }
        throw new IllegalStateException("Log4j's API does not run on log4j-core: its context is a %s"
                .formatted(LogManager.getContext(false).getClass().getName()));
    }

    @Override
    boolean isEnabled(org.slf4j.event.Level level) {
        return logger.isEnabled(Level.valueOf(level.name()));
    }

    @Override
    public void close() {
        logger.removeAppender(printer);
        printer.stop();
    }

    /** Keeps what the layout prints for an event, at the moment at which it is logged: the event itself is used again. */
    private final class Printer extends AbstractAppender {
        private final Layout<?> layout;
        private final Charset charset;

        Printer(Layout<?> layout) {
            super("ledger-" + UUID.randomUUID(), null, layout, true, Property.EMPTY_ARRAY);
            this.layout = layout;
            this.charset = layout instanceof StringLayout text ? text.getCharset() : StandardCharsets.UTF_8;
        }

        @Override
        public void append(LogEvent event) {
            add(new String(layout.toByteArray(event), charset));
        }
    }
}
