package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.sink.Slf4jSink.Naming;
import dev.runledger.testkit.LedgerAssertions;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.Log4jCapture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Log4jTest {
    @Test
    void theEcsLayoutHasTheFieldsAtTheTop() {
        List<String> lines = Scenario.lines(Slf4jSink.Mode.KEY_VALUES);
        assertThat(lines).hasSize(2);
        Scenario.assertThatItIsWhole(lines.get(0), "");
        JsonNode failed = Scenario.assertThatItIsWhole(lines.get(1), "");
        assertThat(failed.get("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
    }

    @ParameterizedTest
    @EnumSource(
            value = Naming.class,
            names = {"ECS", "ECS_EVENT"})
    void inANamingForIndexesItWritesWhatAnIndexTakes(Naming naming) {
        Scenario.indexable("log4j-ecs", Slf4jSink.Mode.KEY_VALUES, naming);
    }

    @Test
    void theKitReadsWhatTheConfiguredLayoutPrints() {
        try (LedgerKit kit = LedgerKit.builder()
                .ledger(with -> with.sink(Slf4jSink.builder().build()))
                .build()) {
            kit.witness(Log4jCapture.ofAppender(Slf4jSink.LOGGER, "OUT"));
            RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
            kit.ledger().fail(id, Failure.of("no tests")).orElseThrow();
            LedgerAssertions.assertThatFanOut(kit).reachedEveryWitness();
            kit.verify();
        }
    }
}
