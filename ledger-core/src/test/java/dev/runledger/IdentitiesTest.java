package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunQuery;
import dev.runledger.run.NewRun;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Targets, delivery ids and correlation keys that show a secret, from the call to the event. */
class IdentitiesTest {
    private static final String DIGEST = "~[0-9a-f]{16}";

    private final Recorder recorder = new Recorder();
    private final RunStore store = RunStore.inMemory();
    private final Ledger ledger =
            Ledger.builder().store(store).sink(recorder).echo(false).build();

    @AfterEach
    void close() {
        ledger.close();
    }

    private WorkflowRun dispatched(String target, String deliveryId) {
        NewRun run = NewRun.of("review")
                .target(target)
                .trigger(Trigger.of("push").deliveryId(deliveryId))
                .oncePerDelivery(true);
        return ledger.dispatch(run).orElseThrow();
    }

    @Test
    void theStoreTheEventAndTheHandlerHaveTheSameForm() {
        WorkflowRun run = dispatched("https://x/?token=hunter2", "SECRET=42");
        String target = run.target().orElseThrow().value();
        String delivery = run.request().deliveryId().orElseThrow();
        assertThat(target).matches("https://x/\\?token=\\[redacted]" + DIGEST);
        assertThat(delivery).matches("SECRET=\\[redacted]" + DIGEST);
        assertThat(recorder.only(WorkflowRunEvent.QUEUED).fields())
                .containsEntry("target", target)
                .containsEntry("deliveryId", delivery)
                .doesNotContainKey("truncated");
        assertThat(store.history().events(run.id())).containsExactlyElementsOf(recorder.events());
        assertThat(ledger.events().counters().redactions()).isEqualTo(2);
    }

    @Test
    void anotherLedgerOnTheStoreHasTheSameForms() {
        Target target = dispatched("token=A", "d").target().orElseThrow();
        try (Ledger other = Ledger.builder().store(store).sink(recorder).build()) {
            NewRun again = NewRun.of("other").target("token=A");
            assertThat(other.dispatch(again).orElseThrow().target()).contains(target);
            assertThat(other.dispatch(NewRun.of("third").target(target))
                            .orElseThrow()
                            .target())
                    .contains(target);
        }
    }

    @Test
    void aQueryFindsByTheTextThatACallerHasAndByTheStoredForm() {
        WorkflowRun run = dispatched("token=A", "SECRET=42");
        dispatched("token=B", "SECRET=43");
        List<RunQuery> queries = List.of(
                RunQuery.builder().target(Target.of("token=A")).build(),
                RunQuery.builder().target(run.target().orElseThrow()).build(),
                RunQuery.builder().deliveryId("SECRET=42").build());
        for (RunQuery query : queries) {
            assertThat(ledger.history().page(query).runs())
                    .extracting(WorkflowRun::id)
                    .containsExactly(run.id());
        }
        assertThat(store.history().page(queries.get(0)).runs())
                .as("the store has forms only")
                .isEmpty();
    }

    @Test
    void theKeyOfAWaitIsOnItsEventAndFindsItsRun() {
        WorkflowRun run = dispatched("t", "d");
        ledger.start(run.id(), "w").orElseThrow();
        Wait wait = Wait.of(Wait.Code.CALLBACK).correlationKey("access_token:s-1");
        ledger.suspend(run.id(), wait).orElseThrow();
        assertThat(ledger.suspend(run.id(), wait).isApplied())
                .as("the same wait again")
                .isFalse();
        assertThat(recorder.only(WorkflowRunEvent.SUSPENDED).text(EventField.CORRELATION_KEY))
                .hasValueSatisfying(key -> assertThat(key).doesNotContain("s-1").matches(".*" + DIGEST));
        assertThat(ledger.history().waitingFor("", "access_token:s-1"))
                .map(WorkflowRun::id)
                .contains(run.id());
        assertThat(ledger.history().waitingFor("", "access_token:s-2")).isEmpty();
        assertThat(ledger.history().waitingFor("other", "access_token:s-1")).isEmpty();
        assertThatNullPointerException().isThrownBy(() -> ledger.history().waitingFor("", null));
    }

    @Test
    void eventsWithoutAStoreKeepDifferentOnesDifferent() {
        try (WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(recorder).build()) {
            for (String secret : List.of("A", "B", "A")) {
                events.log(
                        WorkflowRunEvent.QUEUED,
                        EventFields.of()
                                .runId("r")
                                .workflowName("w")
                                .target("https://x/?token=" + secret)
                                .deliveryId("SECRET=" + secret));
            }
        }
        for (EventField field : List.of(EventField.TARGET, EventField.DELIVERY_ID)) {
            List<String> seen = recorder.events().stream()
                    .map(event -> event.text(field).orElseThrow())
                    .toList();
            assertThat(seen).allMatch(text -> text.matches(".*\\[redacted]" + DIGEST));
            assertThat(seen.get(0)).isNotEqualTo(seen.get(1)).isEqualTo(seen.get(2));
        }
    }
}
