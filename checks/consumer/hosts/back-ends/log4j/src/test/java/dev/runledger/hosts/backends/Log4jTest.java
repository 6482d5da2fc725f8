package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.sink.Slf4jSink;
import java.util.List;
import org.junit.jupiter.api.Test;

class Log4jTest {
    @Test
    void theEcsLayoutHasTheFieldsAtTheTop() {
        List<String> lines = Scenario.lines(Slf4jSink.Mode.KEY_VALUES);
        assertThat(lines).hasSize(2);
        Scenario.assertThatItIsWhole(lines.get(0), "");
        JsonNode failed = Scenario.assertThatItIsWhole(lines.get(1), "");
        assertThat(failed.get("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
    }
}
