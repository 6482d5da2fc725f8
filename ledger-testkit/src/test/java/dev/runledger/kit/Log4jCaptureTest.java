package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunOutcome;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.Log4jCapture;
import org.apache.logging.log4j.CloseableThreadContext;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads what Log4j's layouts print, written as {@code log4j-slf4j2-impl} writes it: with the fields in its thread context. */
class Log4jCaptureTest {
    private static final String LOGGER = "log4j.capture";

    private final Logger logger = LogManager.getLogger(LOGGER);
    private final LedgerKit kit = LedgerKit.builder()
            .name("t")
            .ledger(with -> with.sink(Sinks.of(this::write)))
            .build();
    private boolean lossy;

    private void write(LedgerEvent event) {
        Level level = Level.valueOf(event.level().name());
        try (CloseableThreadContext.Instance ignored =
                CloseableThreadContext.put(EventField.EVENT_ID.fieldName(), event.eventId())) {
            if (!lossy) {
                logger.log(level, EventJson.write(event));
            }
        }
    }

    @BeforeEach
    void level() {
        Configurator.setLevel(LOGGER, Level.INFO);
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private void live() {
        kit.ledger()
                .execute(
                        kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id(),
                        "w",
                        run -> RunOutcome.succeeded());
        kit.settled();
    }

    @Test
    void messagesAreReadWithTheirFields() {
        Log4jCapture log = Log4jCapture.ofMessages(LOGGER);
        live();
        assertThatFanOut(kit.witness(log)).reachedEveryWitness();
        assertThat(log.lines()).hasSize(4).allMatch(line -> line.startsWith("{"));
        kit.close();
        write(kit.recorder().events().get(0));
        assertThat(log.lines()).as("it is closed with the kit").hasSize(4);
    }

    @Test
    void aLayoutIsReadByTheIdThatItPrints() {
        Log4jCapture log = Log4jCapture.of(
                LOGGER, PatternLayout.newBuilder().setPattern("%d %level %X %n").build());
        live();
        assertThatFanOut(kit.witness(log)).reachedEveryWitness();
    }

    @Test
    void theLayoutOfAnAppenderThatTheApplicationConfigured() {
        Configuration configuration = LoggerContext.getContext(false).getConfiguration();
        configuration.addAppender(ConsoleAppender.newBuilder()
                .setName("JSON")
                .setLayout(PatternLayout.newBuilder().setPattern("%m").build())
                .build());
        Log4jCapture log = Log4jCapture.ofAppender(LOGGER, "JSON");
        live();
        assertThatFanOut(kit.witness(log)).reachedEveryWitness();
        assertThatThrownBy(() -> Log4jCapture.ofAppender(LOGGER, "XML"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no appender 'XML' with a layout");
    }

    @Test
    void aLineThatIsLostIsMissedUnlessItsLevelIsOff() {
        Log4jCapture log = Log4jCapture.ofMessages(LOGGER);
        kit.witness(log);
        lossy = true;
        kit.events()
                .log(
                        QUEUED,
                        EventFields.of().runId("r-1").workflowName("review").put(EventField.SEQ, 1));
        kit.settled();
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(log)))
                .contains("log saw r-1:1 never, expected once");
        Configurator.setLevel(LOGGER, Level.WARN);
        assertThatFanOut(kit).reached(log);
    }
}
