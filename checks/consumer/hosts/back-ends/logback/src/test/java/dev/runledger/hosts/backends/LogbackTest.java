package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.sink.Slf4jSink.Naming;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The configurations that the manual shows, each with the line that comes out. */
class LogbackTest {
    private static void configure(String file) throws Exception {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogbackTest.class.getResource("/" + file));
    }

    @Test
    void logstashEncoderHasTheFieldsAtTheTop() throws Exception {
        configure("logback-logstash.xml");
        List<String> lines = Scenario.lines(Slf4jSink.Mode.KEY_VALUES);
        assertThat(lines).hasSize(2);
        JsonNode succeeded = Scenario.assertThatItIsWhole(lines.get(0), "");
        assertThat(succeeded.get("durationMs").isNumber()).isTrue();
        assertThat(succeeded.get("message").asText()).isEqualTo("Workflow run succeeded");
        JsonNode failed = Scenario.assertThatItIsWhole(lines.get(1), "");
        assertThat(failed.get("stack_trace").asText()).contains("IllegalStateException: boom");
    }

    @ParameterizedTest
    @EnumSource(
            value = Naming.class,
            names = {"ECS", "ECS_EVENT"})
    void inANamingForIndexesEveryEncoderWritesWhatAnIndexTakes(Naming naming) throws Exception {
        configure("logback-logstash.xml");
        Scenario.indexable("logstash-encoder", Slf4jSink.Mode.KEY_VALUES, naming);
        configure("logback-ecs.xml");
        Scenario.indexable("ecs-encoder", Slf4jSink.Mode.MDC, naming);
        configure("logback-message.xml");
        Scenario.indexable("message", Slf4jSink.Mode.JSON_MESSAGE, naming);
    }

    @Test
    void jsonEncoderHasTheFieldsUnderKvpList() throws Exception {
        configure("logback-json.xml");
        List<String> lines = Scenario.lines(Slf4jSink.Mode.KEY_VALUES);
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            JsonNode whole = Scenario.json(line);
            assertThat(whole.get("kvpList").findValuesAsText("event")).hasSize(1);
            assertThat(whole.get("kvpList").findValuesAsText("runId")).containsExactly("r-1");
            assertThat(whole.get("mdc").has("runId")).isFalse();
            assertThat(whole.get("mdc").get("user").asText()).isEqualTo("ada");
        }
    }

    @Test
    void ecsEncoderWritesTheMdcMode() throws Exception {
        configure("logback-ecs.xml");
        List<String> lines = Scenario.lines(Slf4jSink.Mode.MDC);
        assertThat(lines).hasSize(2);
        Scenario.assertThatItIsWhole(lines.get(0), "");
        JsonNode failed = Scenario.assertThatItIsWhole(lines.get(1), "");
        assertThat(failed.get("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void aPlainPatternPrintsTheJsonMessageAndNothingElse() throws Exception {
        configure("logback-message.xml");
        List<String> lines = Scenario.lines(Slf4jSink.jsonMessage());
        assertThat(lines).hasSize(2);
        JsonNode failed = Scenario.json(lines.get(1));
        assertThat(failed.get("severity").asText()).isEqualTo("WARNING");
        assertThat(failed.get("event").asText()).isEqualTo("workflow.run.failed");
        assertThat(failed.get("errorStack").asText()).startsWith("java.lang.IllegalStateException: boom | at ");
        Slf4jSink attaching = Slf4jSink.builder()
                .mode(Slf4jSink.Mode.JSON_MESSAGE)
                .attachError(true)
                .build();
        assertThat(Scenario.lines(attaching))
                .as("nopex keeps the stack off the output")
                .hasSize(2);
    }
}
