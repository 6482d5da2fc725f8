package dev.runledger.sink;

/** How the log sink puts an event's fields on the line. Which one fits depends on the host's encoder; the manual has each. */
public enum LineMode {
    /**
     * SLF4J key-values; the default. Top level under logstash-logback-encoder, Spring Boot's structured logging and Log4j's ECS
     * layout, and under {@code kvpList} in logback's own JsonEncoder.
     */
    KEY_VALUES,
    /** MDC entries, put for the length of the call, for encoders that write only the MDC. Every value is text. */
    MDC,
    /**
     * The whole event as one line of JSON, as the message of a logger of its own, with {@code severity}. The pattern for it is
     * {@code %msg%nopex%n}. Needs Jackson.
     */
    JSON_MESSAGE
}
