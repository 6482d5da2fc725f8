package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.DISPATCH_REFUSED;
import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.RecordingSink;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecordingAssertTest {
    private final LedgerKit kit = LedgerKit.builder().name("t").build();
    private final RecordingSink recorder = kit.recorder();
    private final WorkflowRunEvents events = kit.events();

    private static EventFields on(String target, String runId) {
        return EventFields.of().runId(runId).workflowName("review").target(target);
    }

    private static EventFields ended(String target, String runId) {
        return on(target, runId)
                .duration(Duration.ZERO)
                .queueWait(Duration.ZERO)
                .suspended(Duration.ZERO);
    }

    @Test
    void everythingThatWasEmitted() {
        assertThat(recorder).emittedNothing().emittedExactly();
        events.log(QUEUED, on("a", "r-1"));
        events.log(QUEUED, on("b", "r-2"));
        assertThat(recorder).emittedExactly(QUEUED, QUEUED).neverEmitted(FAILED);
        assertThat(Messages.of(() -> assertThat(recorder).emittedExactly(QUEUED)))
                .startsWith("The recorder should have emitted exactly\n  workflow.run.queued\n"
                        + "and differs first at event 2: workflow.run.queued was emitted, which was not expected\n");
        assertThat(Messages.of(() -> assertThat(recorder).neverEmitted(QUEUED)))
                .startsWith("The recorder should never have emitted workflow.run.queued, but event 1 is one\n");
        assertThat(Messages.of(() -> assertThat(recorder).emittedNothing()))
                .startsWith("Expected that nothing was emitted; runs: r-1, r-2\n");
    }

    @Test
    void theOnlyRun() {
        assertThat(Messages.of(() -> assertThat(recorder).onlyRun()))
                .isEqualTo("Expected events of exactly one run, of these there are 0\n\n  (nothing was emitted)");
        events.log(QUEUED, on("a", "r-1"));
        assertThat(recorder).onlyRun().emittedExactly(QUEUED);
        events.log(QUEUED, on("b", "r-2"));
        assertThat(Messages.of(() -> assertThat(recorder).onlyRun()))
                .startsWith("Expected events of exactly one run, of these there are 2; runs: r-1, r-2\n");
    }

    @Test
    void anEventWithoutARun() {
        NewRun run = NewRun.of("review").target("a");
        RunId first = kit.ledger().dispatch(run).orElseThrow().id();
        kit.ledger().dispatch(run);
        assertThat(recorder).event(DISPATCH_REFUSED).hasField(EventField.IN_FLIGHT_RUN_ID, first);
        assertThat(Messages.of(() -> assertThat(recorder).event(SUCCEEDED)))
                .startsWith("Expected exactly one workflow.run.succeeded, but 0 were emitted; runs: t-1\n"
                        .replace("t-1", "t-1, "));
    }

    @Test
    void atMostOneIsInFlight() {
        events.log(QUEUED, on("a", "r-1"));
        events.log(QUEUED, on("b", "r-2"));
        events.log(SUCCEEDED, ended("a", "r-1"));
        events.log(QUEUED, on("a", "r-3"));
        assertThat(recorder).hadAtMostOneInFlight();
        events.log(RUNNING, on("b", "r-2").queueWait(Duration.ZERO).workerId("w"));
        events.log(QUEUED, on("b", "r-4"));
        assertThat(Messages.of(() -> assertThat(recorder).hadAtMostOneInFlight()))
                .startsWith("Expected at most one run in flight on review on b, but run r-4 began while run r-2 was\n")
                .contains("=>  7  workflow.run.queued");
    }

    @Test
    void aRunThatNobodyEmittedToBeQueuedIsInFlightToo() {
        events.log(RUNNING, on("a", "r-1").queueWait(Duration.ZERO).workerId("w"));
        events.log(SUCCEEDED, ended("a", "r-1"));
        events.log(RUNNING, on("a", "r-2").queueWait(Duration.ZERO).workerId("w"));
        assertThat(recorder).hadAtMostOneInFlight();
        events.log(RUNNING, on("a", "r-3").queueWait(Duration.ZERO).workerId("w"));
        assertThat(Messages.of(() -> assertThat(recorder).hadAtMostOneInFlight()))
                .contains("but run r-3 began while run r-2 was");
    }

    @Test
    void whatIsEmittedLateOfARunThatHasEndedBringsItNotBack() throws Exception {
        events.log(SUCCEEDED, ended("a", "r-1"));
        Thread late = new Thread(() -> events.log(QUEUED, on("a", "r-1")));
        late.start();
        late.join();
        events.log(QUEUED, on("a", "r-2"));
        assertThat(recorder).hadAtMostOneInFlight();
    }

    @Test
    void aChildIsUnderItsParentsGuard() {
        NewRun run = NewRun.of("review").target("a");
        RunId parent = kit.ledger().dispatch(run).orElseThrow().id();
        kit.ledger().start(parent, "w").orElseThrow();
        kit.ledger().handOff(parent, run).orElseThrow();
        assertThat(recorder).hadAtMostOneInFlight();
    }

    @Test
    void anEndThatAnotherThreadEmittedLateIsAnEnd() throws Exception {
        events.log(QUEUED, on("a", "r-1"));
        events.log(QUEUED, on("a", "r-2"));
        Thread late = new Thread(() -> events.log(SUCCEEDED, ended("a", "r-1")));
        late.start();
        late.join();
        assertThat(recorder).hadAtMostOneInFlight();
    }
}
