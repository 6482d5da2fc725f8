package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImplementStepTest {
    @Test
    void makesOneCommitAnOpenItem() {
        List<PlanStep.Item> plan = List.of(
                new PlanStep.Item("Read the gauge", true),
                new PlanStep.Item("Skip empty rows!", false),
                new PlanStep.Item("Warn", false));

        assertThat(ImplementStep.run("harbour/tides#11", plan))
                .isEqualTo(new ImplementStep.Result("bot/11-skip-empty-rows", List.of("Skip empty rows!", "Warn")));
    }

    @Test
    void cutsLongNames() {
        ImplementStep.Result change =
                ImplementStep.run("harbour/tides#11", List.of(new PlanStep.Item("long ".repeat(40), false)));

        assertThat(change.branch()).hasSizeLessThanOrEqualTo(40);
        assertThat(change.commits()).singleElement().asString().hasSize(72).endsWith("...");
    }

    @Test
    void aFinishedPlanChangesNothing() {
        assertThat(ImplementStep.run("harbour/tides#11", List.of(new PlanStep.Item("Read", true))))
                .isEqualTo(new ImplementStep.Result("bot/11-nothing", List.of()));
    }
}
