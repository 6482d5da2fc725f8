package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.LogbackCapture;
import dev.runledger.testkit.MeterWitness;
import dev.runledger.testkit.Witness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FanOutAssertTest {
    private final List<LedgerEvent> webhook = new CopyOnWriteArrayList<>();
    private final List<String> broker = new CopyOnWriteArrayList<>();

    private LedgerKit kitTo(EventSink... sinks) {
        return LedgerKit.builder()
                .name("t")
                .ledger(with -> {
                    for (EventSink sink : sinks) {
                        with.sink(sink);
                    }
                    return with;
                })
                .build();
    }

    private LedgerKit kitOf(Slf4jSink sink) {
        return kitTo(sink);
    }

    private static RunId live(Ledger ledger) {
        RunId id =
                ledger.dispatch(NewRun.of("review").target("a")).orElseThrow().id();
        ledger.execute(id, "w", run -> {
            run.task("read", task -> 1);
            return RunOutcome.succeeded();
        });
        return id;
    }

    private static EventFields queued(String id) {
        return EventFields.of().runId(id).workflowName("review");
    }

    private Witness theWebhook() {
        return Witness.ofEvents("webhook", () -> webhook);
    }

    private Witness theBroker() {
        return Witness.ofIds("broker", () -> broker);
    }

    private EventSink toWebhook() {
        return EventSink.named("webhook", Sinks.of(webhook::add));
    }

    private EventSink toBroker(UnaryOperator<List<String>> ids) {
        return Sinks.of(event -> broker.addAll(ids.apply(new ArrayList<>(List.of(event.eventId())))));
    }

    @Test
    void everyEventReachesEveryPlaceOnce() {
        LedgerKit kit = kitTo(toWebhook(), toBroker(ids -> ids));
        live(kit.ledger());
        kit.witness(theWebhook()).witness(theBroker());
        assertThatFanOut(kit).reachedEveryWitness();
        assertThatFanOut(kit.recorder())
                .reached(theWebhook(), theBroker(), Witness.ofStore(kit.ledger().history()));
    }

    @Test
    void anEventThatOnePlaceMissedIsNamed() {
        LedgerKit kit = kitTo(toWebhook(), toBroker(ids -> ids.get(0).endsWith(":2") ? List.of() : ids));
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        kit.events().log(QUEUED, queued("r-1").put("seq", 2));
        kit.witness(theWebhook()).witness(theBroker());
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(theWebhook(), theBroker())))
                .isEqualTo("""
                        Expected each event exactly once in [webhook, broker], but
                          broker saw r-1:2 never, expected once

                          event  id  webhook  broker
                          workflow.run.queued  r-1:1  1  1
                          =>  workflow.run.queued  r-1:2  1  0 of 1""");
    }

    @Test
    void anEventThatOnePlaceSawTwiceOrUnderAnotherIdIsNamed() {
        LedgerKit kit = kitTo(toBroker(ids -> List.of(ids.get(0), ids.get(0), "another")));
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(theBroker())))
                .isEqualTo("""
                        Expected each event exactly once in [broker], but
                          broker saw r-1:1 2 times, expected once
                          broker saw another once, which no recorder received

                          event  id  broker
                          =>  workflow.run.queued  r-1:1  2 of 1
                          (not in the recorder)  another  1""");
    }

    @Test
    void anEventThatWasEmittedTwiceWasSeenTwice() {
        LedgerKit kit = kitTo(toBroker(ids -> ids));
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(theBroker())))
                .contains("broker saw r-1:1 2 times, expected once");
    }

    @Test
    void anotherValueOfAFieldIsNamed() {
        LedgerKit kit = kitTo();
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        String json = EventJson.write(kit.recorder().events().get(0)).replace("\"review\"", "\"revue\"");
        assertThat(Messages.of(
                        () -> assertThatFanOut(kit.recorder()).reached(Witness.ofLines("log", () -> List.of(json)))))
                .isEqualTo("""
                        Expected each event exactly once in [log], but
                          log says workflowName=revue of r-1:1, which says review

                          event  id  log
                          =>  workflow.run.queued  r-1:1  1, differs""");
    }

    @Test
    void nothingReachesNothing() {
        LedgerKit kit = kitTo();
        assertThat(Messages.of(() -> assertThatFanOut(kit).reachedEveryWitness()))
                .isEqualTo("Expected events that reached [store], but nothing was emitted");
        assertThatThrownBy(() -> assertThatFanOut(kit.recorder()).reached())
                .hasMessage("no witness was given, expected at least one");
    }

    @Test
    void theStoreHasWhatWasEmittedAndNoEcho() {
        LedgerKit kit = kitTo();
        live(kit.ledger());
        kit.ledger().refuse(NewRun.of("review"), "closed");
        assertThatFanOut(kit).reachedEveryWitness();
        kit.events().log(SUCCEEDED, queued("t-1").put("seq", 9));
        assertThat(Messages.of(() -> assertThatFanOut(kit).reachedEveryWitness()))
                .contains("store saw t-1:9 never, expected once");
    }

    @Test
    void linesOfEveryEncoder() {
        lines(Slf4jSink.builder(), new LogstashEncoder());
        lines(Slf4jSink.builder().naming(Slf4jSink.Naming.SNAKE_CASE), new LogstashEncoder());
        lines(Slf4jSink.builder().mode(Slf4jSink.Mode.MDC), new LogstashEncoder());
        lines(Slf4jSink.builder(), new JsonEncoder());
        lines(Slf4jSink.builder().mode(Slf4jSink.Mode.JSON_MESSAGE), pattern("%msg%nopex%n"));
        lines(Slf4jSink.builder().mode(Slf4jSink.Mode.JSON_MESSAGE), new JsonEncoder());
        lines(Slf4jSink.builder(), pattern("%d %level %kvp %msg%n"));
    }

    private static PatternLayoutEncoder pattern(String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(pattern);
        return encoder;
    }

    private void lines(Slf4jSink.Builder sink, Encoder<ILoggingEvent> encoder) {
        LedgerKit kit = kitOf(sink.logger("fanout").build());
        LogbackCapture log = LogbackCapture.of("fanout", encoder);
        live(kit.ledger());
        assertThatFanOut(kit.witness(log)).reachedEveryWitness();
        assertThat(log.lines()).hasSize(6);
        kit.close();
        live(kit.ledger());
        assertThat(log.lines()).as("it is closed with the kit").hasSize(6);
    }

    @Test
    void aLineThatIsLostIsMissed() {
        Logger logger = (Logger) LoggerFactory.getLogger("lossy");
        LedgerKit kit = kitOf(Slf4jSink.builder().logger("lossy").build());
        LogbackCapture log = LogbackCapture.of("lossy", pattern("%msg%n"));
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(log)))
                .contains("log saw r-1:1 never, expected once");
        logger.setLevel(Level.WARN);
        assertThatFanOut(kit).reached(log);
        log.close();
    }

    @Test
    void aLineThatIsHalfIsNamed() {
        LedgerKit kit = kitTo();
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        assertThat(Messages.of(
                        () -> assertThatFanOut(kit).reached(Witness.ofLines("log", () -> List.of("{\"eventId\":")))))
                .contains("log saw a line that is no JSON: {\"eventId\": once, which no recorder received");
    }

    @Test
    void theEncoderOfAnAppenderThatTheHostConfigured() {
        Logger logger = (Logger) LoggerFactory.getLogger("configured");
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setName("JSON");
        appender.setContext(logger.getLoggerContext());
        LogstashEncoder encoder = new LogstashEncoder();
        encoder.setContext(logger.getLoggerContext());
        encoder.start();
        appender.setEncoder(encoder);
        appender.setOutputStream(new ByteArrayOutputStream());
        appender.start();
        logger.addAppender(appender);
        LedgerKit kit = kitOf(Slf4jSink.builder().logger("configured").build());
        try (LogbackCapture log = LogbackCapture.ofAppender("configured", "JSON")) {
            live(kit.ledger());
            assertThatFanOut(kit).reached(log);
        }
        assertThatThrownBy(() -> LogbackCapture.ofAppender("configured", "XML"))
                .hasMessage("no logger has an appender 'XML' that encodes");
        logger.detachAppender(appender);
    }

    @Test
    void linesOfOtherTestsAreTheirs() {
        LedgerKit kit = kitTo();
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        String ours = EventJson.write(kit.recorder().events().get(0));
        String theirs = ours.replace("r-1", "theirs-1");
        assertThatFanOut(kit)
                .reached(Witness.ofLines("log", () -> List.of(ours, theirs, "{\"message\":\"started\"}", "plain")));
    }

    @Test
    void aRegistryWithoutItsMetersIsNoWitness() {
        LedgerKit kit = kitTo();
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        MeterWitness meters = MeterWitness.of(new SimpleMeterRegistry());
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(meters)))
                .contains(
                        "meters saw workflow.run.events{channel=live, event=workflow.run.queued, workflow=review} never, expected once");
    }

    @Test
    void aPlaceThatKeepsWholeEventsLosesNoField() {
        LedgerKit kit = kitTo(toWebhook());
        RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
        kit.ledger().cancel(id, "called off").orElseThrow();
        assertThatFanOut(kit).reached(theWebhook());
        webhook.replaceAll(event -> EventJson.read(EventJson.write(event).replace(",\"reason\":\"called off\"", "")));
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(theWebhook())))
                .contains("webhook has no reason of t-1:2, which says called off")
                .contains("1, differs");
    }

    @Test
    void aLineOfTextThatAnotherTestPrintedIsNone() {
        LedgerKit kit = kitTo();
        kit.events().log(QUEUED, queued("r-1").put("seq", 1));
        List<String> lines = new ArrayList<>(List.of("queued eventId=r-1:1", "queued eventId=r-2:1"));
        assertThatFanOut(kit).reached(Witness.ofLines("log", () -> lines));
        lines.add("running eventId=r-1:2");
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(Witness.ofLines("log", () -> lines))))
                .contains("log saw r-1:2 once, which no recorder received");
    }

    @Test
    void commonTagsOfARegistryAreNoneOfTheMeters() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().commonTags("application", "shop", "region", "eu");
        LedgerKit kit = kitTo();
        MeterWitness meters = MeterWitness.of(registry);
        kit.events().log(QUEUED, queued("r-1"));
        registry.counter("workflow.run.events", "workflow", "review", "channel", "live", "event", QUEUED.eventName())
                .increment();
        assertThatFanOut(kit).reached(meters);
    }
}
