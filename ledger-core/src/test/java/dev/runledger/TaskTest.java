package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.CallOutcome.RejectedException;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Transition;
import feign.FeignException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** The tasks of a run: attempts, retries, results. */
class TaskTest {
    private final Recorder recorder = new Recorder();
    private final Ledger ledger = Ledger.builder().sink(recorder).build();
    private final RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aTaskEmitsItsAttemptsAndWhetherARetryWasExpected() {
        ledger.execute(id, "w1", scope -> {
                    TaskScope task = scope.task(NewTask.of("call", NewTask.Kind.ADAPTER)
                            .instrument("github")
                            .retry(RetryPolicy.exponential(2, Duration.ofMillis(100), Duration.ofSeconds(1))));
                    task.fail(Failure.of(new SocketTimeoutException("slow")));
                    task.retry();
                    task.fail(Failure.of("again"));
                    task.retry();
                    task.succeed();
                    return RunOutcome.succeeded();
                })
                .orElseThrow();
        List<LedgerEvent> failed = recorder.eventsOf(TaskRunEvent.FAILED);
        assertThat(failed)
                .extracting(event -> event.get(EventField.RETRY_EXPECTED))
                .containsExactly(Optional.of(true), Optional.of(false));
        assertThat(failed.get(0).text(EventField.ERROR_CATEGORY)).contains("timeout");
        List<LedgerEvent> retries = recorder.eventsOf(TaskRunEvent.RETRYING);
        assertThat(retries).extracting(LedgerEvent::level).containsExactly(Level.INFO, Level.WARN);
        assertThat(retries.get(0).number(EventField.DELAY_MS)).contains(100L);
        assertThat(retries.get(0).number(EventField.NEXT_ATTEMPT)).contains(2L);
        assertThat(recorder.only(TaskRunEvent.SUCCEEDED).text(EventField.INSTRUMENT))
                .contains("github");
    }

    @Test
    void theHttpStatusOfAFailedCallIsThatOfItsErrorUnlessTheCallerSaysAnother() {
        ledger.execute(id, "w1", scope -> {
                    TaskScope task = scope.task(NewTask.of("call", NewTask.Kind.ADAPTER));
                    task.fail(Failure.of(new IllegalStateException(new FeignException(503))));
                    task.retry();
                    task.result(TaskRun.Result.nothing().statusCode(429));
                    task.fail(Failure.of(new FeignException(503)));
                    task.retry();
                    task.fail(Failure.of("no error"));
                    assertThat(ledger.history()
                                    .task(task.taskId())
                                    .orElseThrow()
                                    .result()
                                    .orElseThrow()
                                    .statusCode())
                            .isEmpty();
                    return RunOutcome.failed("github is away");
                })
                .orElseThrow();
        assertThat(recorder.eventsOf(TaskRunEvent.FAILED))
                .extracting(event -> event.number(EventField.STATUS_CODE))
                .containsExactly(Optional.of(503L), Optional.of(429L), Optional.empty());
        assertThatThrownBy(() -> TaskRun.Result.nothing().statusCode(7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("statusCode is 7, expected an HTTP status from 100 to 599");
    }

    @Test
    void anEventOfTheApplicationsOwnHasTheStatusOfItsErrorToo() {
        EventFields fields =
                EventFields.of().runId("r-1").workflowName("review").failure(Failure.of(new FeignException(404)));
        ledger.events().log(TaskRunEvent.FAILED, fields);
        assertThat(recorder.only(TaskRunEvent.FAILED).number(EventField.STATUS_CODE))
                .contains(404L);
        assertThat(fields.get(EventField.STATUS_CODE))
                .as("of the caller's own fields")
                .isEmpty();
        ledger.events().log(WorkflowRunEvent.FAILED, fields);
        assertThat(recorder.only(WorkflowRunEvent.FAILED).number(EventField.STATUS_CODE))
                .as("which is none of a run")
                .isEmpty();
    }

    @Test
    void aTaskWhoseBodyThrowsFailsAndRethrows() {
        ledger.execute(id, "w1", scope -> {
                    assertThatThrownBy(() -> scope.task("score", task -> {
                                task.result(TaskRun.Result.tool(3, 120));
                                throw new IllegalStateException("boom");
                            }))
                            .hasMessage("boom");
                    return RunOutcome.failed("the score is missing");
                })
                .orElseThrow();
        LedgerEvent failed = recorder.only(TaskRunEvent.FAILED);
        assertThat(failed.number(EventField.EXIT_CODE)).contains(3L);
        assertThat(failed.number(EventField.OUTPUT_BYTES)).contains(120L);
        assertThat(recorder.only(WorkflowRunEvent.FAILED).level()).isEqualTo(Level.WARN);
    }

    @Test
    void aTaskOfARunThatEndedCannotStart() {
        Transition end = ledger.execute(id, "w1", scope -> {
            ledger.cancel(id, "enough").orElseThrow();
            assertThatThrownBy(() -> scope.task("late", task -> "never"))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("CANCELLED");
            return RunOutcome.succeeded();
        });
        assertThat(end).isInstanceOf(Transition.Rejected.class);
        assertThat(recorder.eventsOf(TaskRunEvent.STARTED)).isEmpty();
    }
}
