package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.sink.Slf4jSink;
import dev.runledger.sink.Slf4jSink.Naming;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The encoder that still works with logback 1.3 and Jackson 2, and that loses a line over an instant among the key-values. */
class Logstash8Test {
    @Test
    void theFieldsAreAtTheTop() {
        List<String> lines = Scenario.lines(Slf4jSink.Mode.KEY_VALUES);
        assertThat(lines).hasSize(2);
        lines.forEach(line -> Scenario.assertThatItIsWhole(line, ""));
    }

    @ParameterizedTest
    @EnumSource(
            value = Naming.class,
            names = {"ECS", "ECS_EVENT"})
    void inANamingForIndexesItWritesWhatAnIndexTakes(Naming naming) {
        Scenario.indexable("logstash-encoder-8", Slf4jSink.Mode.KEY_VALUES, naming);
    }
}
