package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TriageStepTest {
    @Test
    void aWordInTheTitleCountsThreeTimes() {
        TriageStep.Result result = TriageStep.run(Sample.issue("Crash at startup", "The docs say nothing."));

        assertThat(result.label()).isEqualTo("bug");
        assertThat(result.scores()).containsEntry("bug", 3).containsEntry("documentation", 1);
    }

    @Test
    void everyLabelHasAScore() {
        assertThat(TriageStep.run(Sample.issue("Slow import", "It hits the timeout."))
                        .scores())
                .containsEntry("performance", 4)
                .containsEntry("security", 0)
                .hasSize(5);
    }

    @Test
    void noKeywordNeedsAHuman() {
        assertThat(TriageStep.run(Sample.issue("Hello", "Good morning.")).label())
                .isEqualTo("needs-triage");
    }

    @Test
    void aMissingBodyIsAnEmptyOne() {
        assertThat(TriageStep.run(Sample.json("{'issue': {'title': 'Typo', 'body': null}}"))
                        .label())
                .isEqualTo("documentation");
    }

    @Test
    void pullRequestsAndDiscussionsAreScoredToo() {
        assertThat(TriageStep.run(Sample.json("{'pull_request': {'title': 'Fix the crash'}}"))
                        .label())
                .isEqualTo("bug");
        assertThat(TriageStep.run(Sample.json("{'discussion': {'title': 'Would like a chart'}}"))
                        .label())
                .isEqualTo("feature");
    }

    @Test
    void aPayloadWithoutATitleIsNamed() {
        assertThatThrownBy(() -> TriageStep.run(Sample.json("{'issue': {}}"))).hasMessageContaining("/issue/title");
    }
}
