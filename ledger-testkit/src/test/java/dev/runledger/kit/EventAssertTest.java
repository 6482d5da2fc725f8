package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.SUSPENDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.testkit.LedgerKit;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class EventAssertTest {
    private static final Instant DEADLINE = Instant.parse("2026-01-02T00:00:00Z");

    private final LedgerKit kit = LedgerKit.builder().name("t").build();
    private final LedgerEvent event = emitted();

    private LedgerEvent emitted() {
        kit.events().log(SUSPENDED, fields());
        return kit.recorder().events().get(0);
    }

    private static EventFields fields() {
        return EventFields.of()
                .runId(RunId.of("r-1"))
                .workflowName("review")
                .reason("waits for ada")
                .put(EventField.DEADLINE, DEADLINE)
                .put("prNumber", 42)
                .put("share", 0.5)
                .put("budget", Duration.ofSeconds(2));
    }

    @Test
    void anEventHasTheseFieldsAndNoOthers() {
        assertThat(event)
                .isOf(SUSPENDED)
                .hasLevel(Level.INFO)
                .happenedAt(Instant.parse("2026-01-01T00:00:00Z"))
                .hasExactlyFields(fields())
                .hasFields(EventFields.of().put("prNumber", 42))
                .hasField(EventField.DEADLINE, DEADLINE)
                .hasField("budget", 2000)
                .doesNotHaveField(EventField.TARGET)
                .keepsTheContract();
    }

    @Test
    void aWrongFieldAMissingOneAndOneTooManyAreMarked() {
        EventFields expected = EventFields.of()
                .runId("r-1")
                .workflowName("review")
                .reason("waits for bob")
                .put(EventField.DEADLINE, DEADLINE)
                .put("share", 0.5)
                .put("budget", Duration.ofSeconds(2))
                .put("team", "core");
        assertThat(Messages.of(() -> assertThat(event).hasExactlyFields(expected)))
                .isEqualTo("""
                        Event t-1 workflow.run.suspended differs in prNumber, reason, team

                          field  expected  emitted
                          runId  r-1  r-1
                          workflowName  review  review
                          =>  reason  waits for bob  waits for ada
                          deadline  2026-01-02T00:00:00.000000Z  2026-01-02T00:00:00.000000Z
                          =>  prNumber  (absent)  42
                          share  0.5  0.5
                          budget  2000  2000
                          =>  team  core  (absent)""");
    }

    @Test
    void aContractViolationIsAFieldTooMany() {
        kit.events().log(QUEUED, EventFields.of().workflowName("review"));
        LedgerEvent broken = kit.recorder().events().get(1);
        assertThat(Messages.of(() ->
                        assertThat(broken).hasExactlyFields(EventFields.of().workflowName("review"))))
                .contains("differs in contractViolation")
                .contains("=>  contractViolation  (absent)  missing runId");
        assertThat(Messages.of(() -> assertThat(broken).keepsTheContract()))
                .isEqualTo("Expected of event t-2 workflow.run.queued: no contractViolation\n"
                        + "but it has contractViolation=missing runId");
    }

    @Test
    void theOthersSayWhatTheySaw() {
        assertThat(Messages.of(() -> assertThat(event).isOf(QUEUED)))
                .isEqualTo(
                        "Expected of event t-1 workflow.run.suspended: workflow.run.queued\nbut it is workflow.run.suspended");
        assertThat(Messages.of(() -> assertThat(event).hasId("t-2"))).contains("eventId=t-2\nbut it has eventId=t-1");
        assertThat(Messages.of(() -> assertThat(event).hasLevel(Level.WARN)))
                .contains("level WARN\nbut it is logged at INFO");
        assertThat(Messages.of(() -> assertThat(event).happenedAt(DEADLINE)))
                .contains("occurredAt=2026-01-02T00:00:00Z\nbut it happened at 2026-01-01T00:00:00Z");
        assertThat(Messages.of(() -> assertThat(event).doesNotHaveField("prNumber")))
                .contains("no prNumber\nbut it has prNumber=42");
        assertThat(Messages.of(() -> assertThat(event).hasField("prNumber", 43)))
                .contains("=>  prNumber  43  42");
    }

    @Test
    void anEventOfARunIsShownInItsHistory() {
        assertThat(Messages.of(() ->
                        assertThat(kit.recorder()).run("r-1").event(SUSPENDED).hasField("prNumber", 43)))
                .isEqualTo("""
                        Event t-1 workflow.run.suspended differs in prNumber

                          field  expected  emitted
                          =>  prNumber  43  42

                          #  event  id  after  thread  emitted at  fields
                          =>  1  workflow.run.suspended  t-1  0.000 s  main  EventAssertTest.java:#  reason=waits for ada deadline=2026-01-02T00:00:00.000000Z prNumber=42 share=0.5 budget=2000""");
    }
}
