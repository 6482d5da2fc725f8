package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand.ClaimRun;
import dev.runledger.store.StoreCommand.DispatchRun;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.StoreCommand.RecordRefusal;
import dev.runledger.store.TaskChange;

/** Makes the commands that the contracts of a store send to it, each with a head of its own. */
final class Commands {
    static final String WORKER = "worker-1";

    private Commands() {}

    /** Returns a change of this kind, as the table of the contract makes it. */
    static RunChange change(RunId id, RunCommand command) {
        return switch (command) {
            case START -> start(id, WORKER);
            case SUSPEND -> suspend(id, Wait.of(Wait.Code.APPROVAL));
            case RESUME -> resume(id, Resumption.of("approved", "ada"));
            case REQUEUE -> requeue(id);
            case HAND_OFF -> handOff(id, NewRun.of("child").id(RunId.of("child-of-" + id)));
            case SUCCEED -> succeed(id);
            case INCOMPLETE -> new RunChange.Incomplete(id, "still red", Head.of());
            case FAIL -> fail(id, Failure.of("broken"));
            case ENQUEUE_FAILED -> new RunChange.EnqueueFailed(id, Failure.of("queue full"), Head.of());
            case CANCEL -> cancel(id);
        };
    }

    // ---- runs

    static DispatchRun dispatch(NewRun run) {
        return new DispatchRun(run, Head.of());
    }

    static ClaimRun claim(RunId id, String worker) {
        return new ClaimRun(id, worker, Head.of());
    }

    static RecordRefusal refuse(Dispatch.Refused refusal, LedgerEvent event) {
        return new RecordRefusal(refusal, event, Head.of());
    }

    static RunChange start(RunId id, String worker) {
        return new RunChange.Start(id, worker, Head.of());
    }

    static RunChange suspend(RunId id, Wait wait) {
        return new RunChange.Suspend(id, wait, Head.of());
    }

    static RunChange resume(RunId id, Resumption resumption) {
        return new RunChange.Resume(id, resumption, Head.of());
    }

    static RunChange requeue(RunId id) {
        return new RunChange.Requeue(id, "the process stops", Head.of());
    }

    static RunChange handOff(RunId id, NewRun child) {
        return new RunChange.HandOff(id, child, Head.of());
    }

    static RunChange succeed(RunId id) {
        return new RunChange.Succeed(id, Head.of());
    }

    static RunChange fail(RunId id, Failure failure) {
        return new RunChange.Fail(id, failure, Head.of());
    }

    static RunChange cancel(RunId id) {
        return new RunChange.Cancel(id, "called off", Head.of());
    }

    /** Returns the same change with this idempotency key. */
    static RunChange keyed(String key, RunChange change) {
        return change.with(change.head().idempotencyKey(key));
    }

    /** Returns the same change, to be applied only while the claim has the run that left it like this. */
    static RunChange by(WorkflowRun claimed, RunChange change) {
        return change.with(change.head().expectedClaim(claimed.claimToken().orElseThrow()));
    }

    /** Returns the same change, to be applied only to the run at this version. */
    static RunChange at(long seq, RunChange change) {
        return change.with(change.head().expectedSeq(seq));
    }

    // ---- tasks

    /** Returns a change of this kind, as the table of the contract makes it. */
    static TaskChange change(RunId run, NewTask task, TaskChange.Kind kind) {
        TaskId id = task.id().orElseThrow();
        return switch (kind) {
            case START -> start(run, task);
            case SKIP -> skip(run, task);
            case SUCCEED -> succeed(id);
            case FAIL -> fail(id);
            case RETRY -> retry(id);
        };
    }

    static TaskChange start(RunId run, NewTask task) {
        return new TaskChange.Start(run, task, Head.of());
    }

    static TaskChange skip(RunId run, NewTask task) {
        return new TaskChange.Skip(run, task, "cached", Head.of());
    }

    static TaskChange succeed(TaskId task) {
        return succeed(task, TaskRun.Result.nothing());
    }

    static TaskChange succeed(TaskId task, TaskRun.Result result) {
        return new TaskChange.Succeed(task, result, Head.of());
    }

    static TaskChange fail(TaskId task) {
        return fail(task, Failure.of("broken"), TaskRun.Result.nothing());
    }

    static TaskChange fail(TaskId task, Failure failure, TaskRun.Result result) {
        return new TaskChange.Fail(task, failure, result, Head.of());
    }

    static TaskChange retry(TaskId task) {
        return new TaskChange.Retry(task, Head.of());
    }

    /** Returns the same change with this idempotency key. */
    static TaskChange keyed(String key, TaskChange change) {
        return change.with(change.head().idempotencyKey(key));
    }
}
