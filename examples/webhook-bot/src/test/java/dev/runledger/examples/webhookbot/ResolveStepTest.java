package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolveStepTest {
    @ParameterizedTest
    @CsvSource({
        "success, true",
        "neutral, true",
        "skipped, true",
        "failure, false",
        "timed_out, false",
        "cancelled, false",
        "action_required, false"
    })
    void theConclusionDecides(String conclusion, boolean green) {
        assertThat(ResolveStep.run(Sample.json("{'check_run': {'name': 'tests', 'conclusion': '" + conclusion + "'}}")))
                .isEqualTo(new ResolveStep.Result("tests", conclusion, green));
    }

    @Test
    void aSuiteWithoutANameIsCalledByItsApp() {
        assertThat(ResolveStep.run(
                        Sample.json("{'check_suite': {'conclusion': 'failure', 'app': {'name': 'linter'}}}")))
                .isEqualTo(new ResolveStep.Result("linter", "failure", false));
    }

    @Test
    void statusesAndDeploymentsConcludeToo() {
        assertThat(ResolveStep.run(Sample.json("{'state': 'error', 'context': 'coverage'}")))
                .isEqualTo(new ResolveStep.Result("coverage", "error", false));
        assertThat(ResolveStep.run(Sample.json("{'deployment_status': {'state': 'success'}}")))
                .isEqualTo(new ResolveStep.Result("deployment", "success", true));
    }

    @Test
    void aPayloadWithoutABuildIsNamed() {
        assertThatThrownBy(() -> ResolveStep.run(Sample.json("{}"))).isInstanceOf(Payloads.MissingField.class);
    }
}
