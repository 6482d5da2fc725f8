package dev.runledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs the suites of {@link Suites} on JUnit's own engine, and looks at what came of them. */
class LedgerExtensionTest {
    private static EngineExecutionResults run(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .execute();
    }

    private static Throwable failure(EngineExecutionResults results) {
        Event failed = results.testEvents().failed().list().get(0);
        return failed.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    @Test
    void everyPartIsGivenByParameterAndByField() {
        run(Suites.Parts.class)
                .testEvents()
                .assertStatistics(events -> events.succeeded(3).failed(0));
    }

    @Test
    void testsAtTheSameTimeHaveAKitEach() {
        run(Suites.AtTheSameTime.class)
                .testEvents()
                .assertStatistics(events -> events.succeeded(40).failed(0));
    }

    @Test
    void aBreachFailsTheTestAtTheLineThatCausedIt() {
        Throwable failed = failure(run(Suites.Breaching.class));
        assertThat(Messages.plain(failed.getMessage()))
                .startsWith("Production would only have counted this:\n\n"
                        + "  1. VIOLATION: workflow.run.suspended of run r-1 says missing reason\n"
                        + "  at dev.runledger.kit.Suites$Breaching.emitsTooLittle(Suites.java:#)\n");
        assertThat(failed.getStackTrace()[0].getMethodName()).isEqualTo("emitsTooLittle");
    }

    @Test
    void aTestThatFailsAnywayKeepsItsFailure() {
        Throwable failed = failure(run(Suites.FailingAnyway.class));
        assertThat(failed).hasMessage("of its own");
        assertThat(failed.getSuppressed()).singleElement().asString().contains("missing reason");
    }

    @Test
    void aKitIsClosedAfterItsTest() {
        run(Suites.Closing.class)
                .testEvents()
                .assertStatistics(events -> events.succeeded(1).failed(0));
        Suites.Closing.left.events().log(WorkflowRunEvent.QUEUED, EventFields.of());
        assertThat(Suites.Closing.left.events().counters().sink("queued").dropped())
                .isEqualTo(1);
    }

    @Test
    void aLedgerIsNotTheClasss() {
        Throwable failed = run(Suites.BeforeAll.class)
                .containerEvents()
                .failed()
                .list()
                .get(0)
                .getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
        assertThat(failed).hasMessageContaining("a ledger is one test's: take it as parameter of a test");
    }

    @Test
    void aFieldThatAKitCannotFillIsNamed() {
        assertThat(failure(run(Suites.WrongField.class)))
                .hasMessageContaining("Suites$WrongField.what has @FromKit: expected a type that a kit gives out");
        assertThat(failure(run(Suites.FinalField.class))).hasMessageContaining("expected neither static nor final");
    }

    @Test
    void aSuiteMakesItsOwnKits() {
        run(Suites.Own.class)
                .testEvents()
                .assertStatistics(events -> events.succeeded(2).failed(0));
    }

    @Test
    void testsOfOneInstanceHaveAKitEachOneAfterAnother() {
        run(Suites.OneInstance.class)
                .testEvents()
                .assertStatistics(events -> events.succeeded(7).failed(0));
    }

    @Test
    void fieldsOfAnInstanceThatTestsAtTheSameTimeShareAreRefused() {
        assertThat(failure(run(Suites.OneInstanceAtTheSameTime.class)))
                .hasMessageContaining("OneInstanceAtTheSameTime.ledger has @FromKit: expected a parameter");
    }

    @Test
    void aBreachInADynamicTestFailsItsFactory() {
        EngineExecutionResults results = run(Suites.Dynamic.class);
        assertThat(results.testEvents().succeeded().count()).isEqualTo(2);
        assertThat(results.containerEvents()
                        .failed()
                        .list()
                        .get(0)
                        .getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .hasMessageContaining("missing reason");
    }
}
