package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.OutputStream;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;

/** Loggers with real encoders, whose bytes go nowhere. */
final class Logging {
    private Logging() {}

    private static final java.util.logging.Logger BATCHES = java.util.logging.Logger.getLogger("io.opentelemetry");

    /** Lets through what has this level or a higher one. Batch processors do not warn, because a benchmark fills their queues. */
    static void quiet(Level lowest) {
        BATCHES.setLevel(java.util.logging.Level.SEVERE);
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(lowest);
    }

    static Logger withLogstashEncoder(String name) {
        return logger(name, new LogstashEncoder());
    }

    static Logger withMessageAlone(String name) {
        PatternLayoutEncoder pattern = new PatternLayoutEncoder();
        pattern.setPattern("%msg%nopex%n");
        return logger(name, pattern);
    }

    private static Logger logger(String name, Encoder<ILoggingEvent> encoder) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> nowhere = new OutputStreamAppender<>();
        nowhere.setContext(context);
        nowhere.setEncoder(encoder);
        nowhere.setOutputStream(OutputStream.nullOutputStream());
        nowhere.start();
        Logger logger = context.getLogger(name);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.addAppender(nowhere);
        return logger;
    }
}
