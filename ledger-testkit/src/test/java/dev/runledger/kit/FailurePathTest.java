package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.run.RunId;
import dev.runledger.testkit.Witness;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.event.Level;

/** Every assertion fails as AssertJ's own do: with the description that it was given, and softly if it is asked to. */
class FailurePathTest extends RunsOfAKit {
    private static final String WHY = "the review of ada";

    private final RunId id = running();

    private Map<String, Runnable> failing() {
        Map<String, Runnable> failing = new LinkedHashMap<>();
        failing.put(
                "recorder.emittedExactly", () -> assertThat(recorder).as(WHY).emittedExactly(QUEUED));
        failing.put(
                "recorder.emittedNothing", () -> assertThat(recorder).as(WHY).emittedNothing());
        failing.put("recorder.neverEmitted", () -> assertThat(recorder).as(WHY).neverEmitted(QUEUED));
        failing.put("recorder.event", () -> assertThat(recorder).as(WHY).event(FAILED));
        failing.put(
                "recorder.event.isOf",
                () -> assertThat(recorder).as(WHY).event(QUEUED).isOf(FAILED));
        failing.put(
                "recorder.withoutAwaits",
                () -> assertThat(recorder).as(WHY).withoutAwaits().emittedNothing());
        failing.put(
                "recorder.within",
                () -> assertThat(recorder)
                        .as(WHY)
                        .within(Duration.ZERO, then -> then.run(id).isEchoed()));
        failing.put(
                "run.emittedExactly", () -> assertThat(recorder).as(WHY).run(id).emittedExactly(QUEUED));
        failing.put(
                "run.emittedSatisfying",
                () -> assertThat(recorder).as(WHY).run(id).emittedSatisfying());
        failing.put(
                "run.neverEmitted", () -> assertThat(recorder).as(WHY).onlyRun().neverEmitted(QUEUED));
        failing.put(
                "run.withoutTasks",
                () -> assertThat(recorder).as(WHY).run(id).withoutTasks().isEchoed());
        failing.put(
                "run.withoutAwaits",
                () -> assertThat(recorder).as(WHY).run(id).withoutAwaits().isEchoed());
        failing.put("run.took", () -> assertThat(recorder).as(WHY).run(id).took(Duration.ZERO));
        failing.put(
                "run.waitedInQueue", () -> assertThat(recorder).as(WHY).run(id).waitedInQueue(Duration.ZERO));
        failing.put("run.hadRetries", () -> assertThat(recorder).as(WHY).run(id).hadRetries(1, 0));
        failing.put("run.isChildOf", () -> assertThat(recorder).as(WHY).run(id).isChildOf(id));
        failing.put(
                "run.handedOffTo", () -> assertThat(recorder).as(WHY).run(id).handedOffTo(id));
        failing.put("run.event", () -> assertThat(recorder).as(WHY).run(id).event(SUCCEEDED));
        failing.put(
                "event.hasLevel",
                () -> assertThat(recorder).as(WHY).run(id).event(RUNNING).hasLevel(Level.ERROR));
        failing.put(
                "event.hasField",
                () -> assertThat(recorder).as(WHY).run(id).event(RUNNING, 1).hasField(EventField.WORKER_ID, "another"));
        failing.put(
                "event.hasExactlyFields",
                () -> assertThat(recorder.events().get(0)).as(WHY).hasExactlyFields(EventFields.of()));
        failing.put("fanOut.reached", () -> assertThatFanOut(recorder).as(WHY).reached(Witness.ofIds("bus", List::of)));
        return failing;
    }

    @TestFactory
    Stream<DynamicTest> aFailureBeginsWithItsDescription() {
        return failing().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(),
                        () -> assertThat(Messages.of(each.getValue()::run)).startsWith("[" + WHY + "] ")));
    }

    @Test
    void softAssertionsCollectThemAll() {
        SoftAssertions softly = new SoftAssertions();
        failing().values().forEach(failing -> softly.check(failing::run));
        softly.check(() -> assertThat(recorder).run(id).emittedExactly(QUEUED, RUNNING));
        assertThat(softly.assertionErrorsCollected())
                .hasSameSizeAs(failing().keySet())
                .allSatisfy(failed -> assertThat(failed).hasMessageContaining("[" + WHY + "] "));
    }

    @Test
    void aMessageOfTheTestReplacesTheKits() {
        AssertionError failed = catchThrowableOfType(
                AssertionError.class,
                () -> assertThat(recorder).run(id).withFailMessage("not yet").isEchoed());
        assertThat(failed).hasMessage("not yet");
    }
}
