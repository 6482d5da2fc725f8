package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.sink.Slf4jSink;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimpleTest {
    @Test
    void theFieldsAreTextBeforeTheMessage() {
        List<String> lines = Scenario.lines(Slf4jSink.Mode.KEY_VALUES);
        assertThat(lines.get(0))
                .startsWith("[main] INFO dev.runledger.events - event=workflow.run.succeeded eventId=r-1:3 ")
                .endsWith(
                        " runId=r-1 seq=3 workflowName=review durationMs=1500 queueWaitMs=20 suspendedMs=0 prNumber=42"
                                + " Workflow run succeeded");
    }

    @Test
    void aTextOfSeveralLinesForgesNoLine() {
        List<String> lines = Scenario.forged(Slf4jSink.Mode.KEY_VALUES);
        assertThat(lines).filteredOn(line -> line.startsWith("[main] INFO")).isEmpty();
        assertThat(lines.get(0)).contains("boom", "forged");
    }

    @Test
    void asAMessageTheEventIsTheLineAfterItsHead() {
        String line = Scenario.lines(Slf4jSink.Mode.JSON_MESSAGE).get(0);
        assertThat(line).startsWith("[main] INFO dev.runledger.events.json - {");
        assertThat(Scenario.json(line.substring(line.indexOf('{'))).get("runId").asText())
                .isEqualTo("r-1");
    }
}
