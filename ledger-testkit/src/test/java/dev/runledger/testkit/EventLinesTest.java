package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUCCEEDED = EventJson.write(SampleEvents.of(WorkflowRunEvent.SUCCEEDED));

    @Test
    void theSchemaAndTheGoldenLinesAreOnTheClassPath() {
        assertThat(EventLines.schema()).isEqualTo(EventJson.schema());
        assertThat(EventLines.golden())
                .isEqualTo(SampleEvents.all().stream().map(EventJson::write).toList());
    }

    @Test
    void everyEventOfTheVocabularyIsAnEventAndReadsBack() {
        for (EventType type : EventType.all()) {
            for (LedgerEvent event : List.of(SampleEvents.of(type), SampleEvents.least(type))) {
                assertThat(EventLines.assertThatIsEvent(EventJson.write(event))).isEqualTo(event);
            }
        }
        assertThat(HostileEvents.all()).allSatisfy(event -> EventLines.assertThatIsEvent(EventJson.write(event)));
    }

    @Test
    void aLineThatIsNoEventIsShownWithWhatIsWrong() {
        String line = "{\"event\":\"workflow.run.running\",\"eventId\":\"e\",\"schemaVersion\":1,"
                + "\"occurredAt\":\"yesterday\",\"workflowName\":\"review\",\"workerId\":7,\"polls\":1}";
        assertThatThrownBy(() -> EventLines.assertThatIsEvent(line))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("$.occurredAt is \"yesterday\", expected to match")
                .hasMessageContaining("$.workerId is 7, expected \"string\"")
                .hasMessageContaining("$.runId is missing")
                .hasMessageContaining("$.polls is not allowed here")
                .hasMessageContaining(line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                              | $ is empty, expected a JSON object
                    {"event":                       | $ is not JSON: Unexpected end-of-input
                    []                              | $ is [], expected "object"
                    {} {}                           | $ is not JSON: Trailing token
                    {"event":"a","event":"b"}       | $ is not JSON: Duplicate field 'event'
                    {"event":"workflow.run.gone"}   | $ satisfies 0 of 21 alternatives, expected one""")
    void whatIsNoEventAtAllSaysSo(String line, String fault) {
        assertThat(EventLines.faults(line))
                .anySatisfy(found -> assertThat(found).startsWith(fault));
    }

    @Test
    void aLineIsOneLine() {
        assertThat(EventLines.faults(SUCCEEDED.replace(",", ",\n"))).containsExactly("$ is more than one line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"minimum\":1}", "{\"properties\":{\"a\":{\"format\":\"date\"}}}", "{\"type\":\"null\"}"})
    void aSchemaThatSaysMoreThanIsKnownIsRefused(String schema) throws JsonProcessingException {
        JsonNode value = JSON.readTree("{\"a\":\"b\"}");
        assertThatThrownBy(() -> SchemaCheck.faults(JSON.readTree(schema), value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of JSON Schema is not known here");
    }

    /** Lines that are nearly events: each sample with one or two things changed, by a generator whose seed is fixed. */
    @Test
    void aWholeValidatorSaysTheSameOfEveryLine() throws JsonProcessingException {
        JsonNode schema = JSON.readTree(EventJson.schema());
        JsonSchema whole =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
        Random random = new Random(20_260_301);
        int events = 0;
        int others = 0;
        for (int i = 0; i < 4_000; i++) {
            JsonNode line = mutated(random);
            boolean good = whole.validate(line).isEmpty();
            assertThat(SchemaCheck.faults(schema, line).isEmpty())
                    .as("%s", line)
                    .isEqualTo(good);
            events += good ? 1 : 0;
            others += good ? 0 : 1;
        }
        assertThat(events).as("lines that are events").isGreaterThan(500);
        assertThat(others).as("lines that are not").isGreaterThan(500);
    }

    private static JsonNode mutated(Random random) throws JsonProcessingException {
        List<LedgerEvent> samples = SampleEvents.all();
        ObjectNode line = (ObjectNode) JSON.readTree(EventJson.write(samples.get(random.nextInt(samples.size()))));
        List<String> names = new ArrayList<>();
        JSON.readTree(EventJson.schema()).get("properties").fieldNames().forEachRemaining(names::add);
        names.addAll(List.of("tenant", "another", "severity"));
        List<JsonNode> values = List.of(
                JSON.readTree("\"text\""),
                JSON.readTree("1"),
                JSON.readTree("1.0"),
                JSON.readTree("1.5"),
                JSON.readTree("-9223372036854775809"),
                JSON.readTree("true"),
                JSON.readTree("null"),
                JSON.readTree("[]"),
                JSON.readTree("{\"a\":1}"),
                JSON.readTree("\"workflow.run.queued\""),
                JSON.readTree("\"2026-03-01T12:00:00.123456Z\""),
                JSON.readTree("\"2026-03-01T12:00:00.123456Z\\n\""));
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            String name = names.get(random.nextInt(names.size()));
            if (random.nextBoolean()) {
                line.remove(name);
            } else {
                line.set(name, values.get(random.nextInt(values.size())));
            }
        }
        return line;
    }
}
