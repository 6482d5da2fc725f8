package dev.runledger.kit;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import java.time.Duration;

/** Makes runs for the tests of {@code RunAssert}. */
abstract class RunsOfAKit {
    final LedgerKit kit = LedgerKit.builder().name("t").build();
    final Ledger ledger = kit.ledger();
    final MutableClock clock = kit.clock();
    final RecordingSink recorder = kit.recorder();
    final WorkflowRunEvents events = kit.events();

    RunId queued() {
        return ledger.dispatch(NewRun.of("review")).orElseThrow().id();
    }

    RunId running() {
        RunId id = queued();
        clock.advance(Duration.ofSeconds(2));
        ledger.start(id, "w").orElseThrow();
        return id;
    }

    RunId succeeded() {
        RunId id = running();
        clock.advance(Duration.ofSeconds(3));
        ledger.succeed(id).orElseThrow();
        return id;
    }

    EventFields fields(String id) {
        return EventFields.of().runId(id).workflowName("review");
    }

    EventFields ended(String id) {
        return fields(id)
                .duration(Duration.ofSeconds(1))
                .queueWait(Duration.ZERO)
                .suspended(Duration.ZERO);
    }

    void retried(RunId id, RetryPolicy policy) {
        TaskId task = TaskId.of("k");
        ledger.tasks().start(id, NewTask.of("read").id(task).retry(policy)).orElseThrow();
        ledger.tasks().fail(task, Failure.of("away")).orElseThrow();
        ledger.tasks().retry(task).orElseThrow();
    }
}
