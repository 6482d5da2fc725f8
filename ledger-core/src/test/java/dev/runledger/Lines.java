package dev.runledger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What a real encoder prints of a logger, line by line. Closing it takes the appender away. */
public final class Lines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Encoder<ILoggingEvent> encoder;
    private final Logger logger;

    private Lines(String logger, Encoder<ILoggingEvent> encoder) {
        this.logger = (Logger) LoggerFactory.getLogger(logger);
        this.encoder = encoder;
        LoggerContext context = this.logger.getLoggerContext();
        setContext(context);
        encoder.setContext(context);
        encoder.start();
        start();
        this.logger.setLevel(Level.TRACE);
        this.logger.setAdditive(false);
        this.logger.addAppender(this);
    }

    public static Lines of(String logger, EncoderBase<ILoggingEvent> encoder) {
        return new Lines(logger, encoder);
    }

    /** The whole message and nothing else. */
    public static Lines ofMessages(String logger) {
        PatternLayoutEncoder pattern = new PatternLayoutEncoder();
        pattern.setPattern("%msg%nopex%n");
        return new Lines(logger, pattern);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
    }

    public List<String> all() {
        return List.copyOf(lines);
    }

    public String last() {
        List<String> all = all();
        return all.get(all.size() - 1);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(true);
        logger.setLevel(null);
        stop();
    }
}
