package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.CallOptions;
import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.Trigger;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.testkit.Breach;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.LogbackCapture;
import dev.runledger.testkit.SecretCanary;
import dev.runledger.testkit.Witness;
import java.util.List;
import java.util.stream.Collectors;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecretCanaryTest {
    private static final String LOGGER = "canary.log";
    private static final String MARK = "[0-9a-f]{36}";

    private final LedgerKit kit = LedgerKit.builder()
            .name("t")
            .ledger(with -> with.sink(Slf4jSink.builder().logger(LOGGER).build()))
            .build();
    private final LogbackCapture log = LogbackCapture.of(LOGGER, new LogstashEncoder());
    private final SecretCanary canary = kit.witness(log).canary();

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void whatIsPlantedEverywhereShowsUpNowhere() {
        NewRun run = NewRun.of("review")
                .trigger(Trigger.of("webhook").payload(canary.payload()).details(canary.payload()));
        RunId id = kit.ledger()
                .dispatch(run, CallOptions.customFields(canary.fields()))
                .orElseThrow()
                .id();
        kit.ledger().start(id, "w").orElseThrow();
        kit.ledger()
                .fail(
                        id,
                        Failure.of(canary.error()),
                        CallOptions.customFields(EventFields.of().put("dbPassword", canary.secret())))
                .orElseThrow();
        kit.verify();
        assertThat(log.lines()).hasSize(4);
    }

    @Test
    void secretsArePlantedInEveryFormThatARequestIsWrittenIn() throws JsonProcessingException {
        SecretCanary other = new SecretCanary();
        String fields =
                other.fields().asMap().values().stream().map(Object::toString).collect(Collectors.joining("\n\n"));
        JsonNode payload = new ObjectMapper().readTree(other.payload().json().orElseThrow());
        StringBuilder entries = new StringBuilder();
        payload.get("log").forEach(entry -> entries.append(entry.asText()).append("\n\n"));
        assertThat(List.of(fields, other.error().getMessage(), entries.toString()))
                .allSatisfy(text -> assertThat(text)
                        .containsPattern("password:\\R {2}" + MARK)
                        .containsPattern("\\{Accept=\\[text/plain], Authorization=\\[Bearer " + MARK + "]}")
                        .containsPattern("<password>" + MARK + "</password>")
                        .containsPattern("\\{\"name\":\"Authorization\",\"value\":\"" + MARK + "\"}"));
        assertThat(payload.get("headers").get(0).get("name").asText()).isEqualTo("Authorization");
        assertThat(payload.get("headers").get(0).get("value").asText()).matches(MARK);
    }

    @Test
    void everythingThatShowsIsNamed() {
        SecretCanary other = new SecretCanary();
        String message = other.error().getMessage();
        Witness leaky = Witness.ofLines("webhook", () -> List.of(message));
        assertThat(Messages.of(() -> other.isNowhereIn(List.of(), leaky)))
                .isEqualTo("the canary's header map of error(), line break of error(), message of error(),"
                        + " name and value of error(), xml element of error() can be read in: webhook");
    }

    @Test
    void oneThatTheEventsShowIsFound() {
        kit.events()
                .log(
                        QUEUED,
                        EventFields.of()
                                .runId("r-1")
                                .workflowName("review")
                                .put("comment", "it is " + canary.secret()));
        assertThat(kit.breaches()).extracting(Breach::kind).contains(Breach.Kind.LEAKED);
        assertThat(Messages.plain(kit.breaches().get(0).toString()))
                .isEqualTo(
                        "LEAKED: workflow.run.queued of run r-1 shows the canary's secret() to every sink\n"
                                + "  at dev.runledger.kit.SecretCanaryTest.oneThatTheEventsShowIsFound(SecretCanaryTest.java:#)");
        assertThat(kit.breaches().get(1).what()).isEqualTo("the canary's secret() can be read in: log");
    }

    @Test
    void oneThatOnlyAPayloadInTheStoreShowsIsFound() {
        Trigger trigger =
                Trigger.of("webhook").payload(Payload.json("{\"comment\":\"%s\"}".formatted(canary.secret())));
        kit.ledger().dispatch(NewRun.of("review").trigger(trigger)).orElseThrow();
        assertThat(kit.breaches())
                .extracting(Breach::what)
                .containsExactly("the canary's secret() can be read in: store");
    }

    @Test
    void oneThatASinkOfTheHostsShowsIsFound() {
        String secret = canary.token();
        kit.witness(Witness.ofLines("webhook", () -> List.of("sent with " + secret)));
        assertThat(kit.breaches())
                .extracting(Breach::what)
                .containsExactly("the canary's token() can be read in: webhook");
    }

    @Test
    void byHandInOnePlace() {
        SecretCanary other = new SecretCanary();
        String secret = other.secret();
        other.isNowhereIn(List.of(), Witness.ofLines("webhook", () -> List.of("sent with nothing")));
        Witness leaky = Witness.ofLines("webhook", () -> List.of("sent with " + secret));
        assertThat(Messages.of(() -> other.isNowhereIn(List.of(), leaky)))
                .isEqualTo("the canary's secret() can be read in: webhook");
    }

    @Test
    void oneThatWasCutShortIsFound() {
        SecretCanary other = new SecretCanary();
        String secret = other.secret();
        for (String part : List.of(secret.substring(0, 20), secret.substring(secret.length() - 20))) {
            Witness leaky = Witness.ofLines("webhook", () -> List.of("sent with " + part));
            assertThat(Messages.of(() -> other.isNowhereIn(List.of(), leaky))).endsWith("webhook");
        }
    }

    @Test
    void whereNothingIsLookedForOrAtNothingIsSaid() {
        SecretCanary other = new SecretCanary();
        Witness webhook = Witness.ofLines("webhook", () -> List.of("sent with nothing"));
        assertThatThrownBy(() -> other.isNowhereIn(List.of(), webhook))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("nothing was planted that could be looked for");
        other.secret();
        assertThatThrownBy(() -> other.isNowhereIn(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no witness was given, expected at least one");
    }
}
