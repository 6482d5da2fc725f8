package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlanStepTest {
    @Test
    void takesTickedOpenAndNumberedItems() {
        assertThat(PlanStep.run(Sample.issue("Plan", "Do:\\n- [x] read\\n* [ ] parse\\n  3. print\\n4) done?")))
                .containsExactly(
                        new PlanStep.Item("read", true),
                        new PlanStep.Item("parse", false),
                        new PlanStep.Item("print", false),
                        new PlanStep.Item("done?", false));
    }

    @Test
    void proseHasNoItems() {
        assertThat(PlanStep.run(Sample.issue("Plan", "- a list without boxes\\nIn 1999. Really.")))
                .isEmpty();
    }

    @Test
    void aChecklistInTheCommentGoesBeforeTheIssues() {
        assertThat(PlanStep.run(
                        Sample.json("{'comment': {'body': '/plan\\n- [ ] mine'}, 'issue': {'body': '1. its'}}")))
                .containsExactly(new PlanStep.Item("mine", false));
    }

    @Test
    void aBareCommandPlansTheIssueItStandsOn() {
        assertThat(PlanStep.run(Sample.json("{'comment': {'body': '/plan'}, 'issue': {'body': '1. its'}}")))
                .containsExactly(new PlanStep.Item("its", false));
    }

    @Test
    void aPlanHasAnEnd() {
        assertThat(PlanStep.run(Sample.issue("Plan", "- [ ] again\\n".repeat(500))))
                .hasSize(100);
    }
}
