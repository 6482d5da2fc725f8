package dev.runledger.otel;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.Slf4jSink;
import io.opentelemetry.instrumentation.logback.appender.v1_0.OpenTelemetryAppender;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An application whose log reaches OpenTelemetry through the appender for logback: every event is to be there once. */
class DoubledRecordsTest {
    private static final int EVENTS = 100;

    private final Telemetry telemetry = new Telemetry();
    private final OpenTelemetryAppender appender = new OpenTelemetryAppender();
    private final Logger logger = (Logger) LoggerFactory.getLogger("test.appender");
    private final Slf4jSink lines = Slf4jSink.builder().logger("test.appender").build();

    @BeforeEach
    void ship() {
        appender.setContext(logger.getLoggerContext());
        appender.setOpenTelemetry(telemetry.sdk);
        appender.setKeyValuePairAttributesIncluded("*");
        appender.start();
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
        appender.stop();
        telemetry.close();
    }

    @Test
    void bothSwitchedOnIsTwoRecordsAnEvent() {
        emit(lines, OtelPlugin.of(telemetry.sdk));
        assertThat(telemetry.records()).hasSize(2 * EVENTS);
    }

    @Test
    void withoutLogEventsItIsOneAndTheSpansStay() {
        emit(lines, OtelPlugin.builder(telemetry.sdk).logEvents(false).build());
        assertThat(telemetry.records()).hasSize(EVENTS);
        assertThat(telemetry.spans("workflow.run")).hasSize(EVENTS);
    }

    @Test
    void withoutTheLogSinkItIsOneToo() {
        emit(null, OtelPlugin.of(telemetry.sdk));
        assertThat(telemetry.records()).hasSize(EVENTS);
    }

    @Test
    void aLoggerThatDoesNotReachTheAppenderIsOneAndTheLog() {
        Slf4jSink elsewhere = Slf4jSink.builder().logger("test.elsewhere").build();
        emit(elsewhere, OtelPlugin.of(telemetry.sdk));
        assertThat(telemetry.records()).hasSize(EVENTS);
    }

    @Test
    void theAppenderKnowsTheNameOfAnEventByAFieldOfItsOwn() {
        Slf4jSink named = Slf4jSink.builder()
                .logger("test.appender")
                .legacyFields(event -> Map.of("otel.event.name", event.eventName()))
                .build();
        emit(named, OtelPlugin.builder(telemetry.sdk).logEvents(false).build());
        assertThat(telemetry.records()).hasSize(EVENTS).allSatisfy(each -> {
            assertThat(each.getEventName()).isEqualTo("workflow.run.succeeded");
            assertThat(each.getAttributes().get(stringKey("eventId"))).isNotEmpty();
        });
    }

    private static void emit(@Nullable Slf4jSink log, OtelPlugin otel) {
        WorkflowRunEvents.Builder builder = WorkflowRunEvents.builder().echo(false);
        if (log != null) {
            builder.sink(log);
        }
        builder.install(otel);
        try (WorkflowRunEvents events = builder.build()) {
            for (int i = 0; i < EVENTS; i++) {
                events.log(
                        WorkflowRunEvent.SUCCEEDED,
                        EventFields.of().runId("r-" + i).workflowName("review"));
            }
        }
    }
}
