package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.sink.Slf4jSink;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JulTest {
    private static final Handler TO_OUT = new ToStandardOut();

    /** What the handler of the configuration prints on standard error, on the standard output of the moment. */
    private static final class ToStandardOut extends Handler {
        ToStandardOut() {
            setFormatter(new SimpleFormatter());
        }

        @Override
        public void publish(LogRecord logged) {
            PrintStream out = System.out;
            out.print(getFormatter().format(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeAll
    static void begin() {
        Logger.getLogger("").addHandler(TO_OUT);
    }

    @AfterAll
    static void end() {
        Logger.getLogger("").removeHandler(TO_OUT);
    }

    @Test
    void theFieldsAreTextBeforeTheMessage() {
        assertThat(Scenario.lines(Slf4jSink.Mode.KEY_VALUES).get(0))
                .startsWith("event=workflow.run.succeeded eventId=r-1:3 ")
                .endsWith(
                        " runId=r-1 seq=3 workflowName=review durationMs=1500 queueWaitMs=20 suspendedMs=0 prNumber=42"
                                + " Workflow run succeeded");
    }

    @Test
    void asAMessageEachLineIsAnEvent() {
        List<String> lines = Scenario.lines(Slf4jSink.Mode.JSON_MESSAGE);
        assertThat(lines).hasSize(2);
        lines.forEach(
                line -> assertThat(Scenario.json(line).get("runId").asText()).isEqualTo("r-1"));
    }

    @Test
    void aTextOfSeveralLinesForgesNoLine() {
        assertThat(Scenario.forged(Slf4jSink.Mode.JSON_MESSAGE)).hasSize(1);
    }
}
