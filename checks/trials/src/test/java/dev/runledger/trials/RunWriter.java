package dev.runledger.trials;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;

/**
 * One thread of an application: it takes runs from their dispatch to one of the four ends, each call with an idempotency key. A call
 * that throws a {@link StoreException} is made again if the witness says so, and has to store its one event all the same. For one thread.
 */
final class RunWriter {
    /** Learns the outcome of each call. */
    interface Witness {
        /** Called after the call has returned: this event is stored and led to this state. */
        void acknowledged(String eventId, String state);

        /** Called after the call has thrown; returns whether to make the same call again. */
        boolean again(StoreException failed);

        /** Called before a call is made for the first time. */
        default void calling() {}
    }

    private static final TaskRun.Result NOTHING = TaskRun.Result.nothing();

    private final Ledger ledger;
    private final Random random;
    private final String name;
    private final Witness witness;
    private int lives;
    private int calls;
    private boolean inDoubt;

    /** Makes a writer; the ids of its runs begin with the name, which is also their target. */
    RunWriter(Ledger ledger, long seed, String name, Witness witness) {
        this.ledger = ledger;
        this.random = new Random(seed);
        this.name = name;
        this.witness = witness;
    }

    /** Takes one run, and its child if it has one, through its life. */
    void life() {
        RunId id = RunId.of(name + "-" + ++lives);
        dispatch(id);
        switch (random.nextInt(8)) {
            case 0 -> run(options -> ledger.cancel(id, "not wanted any more", options));
            case 1 -> run(options -> ledger.enqueueFailed(id, new IllegalStateException("the queue is full"), options));
            default -> {
                run(options -> ledger.start(id, name, options));
                step(id);
                if (random.nextInt(4) == 0) {
                    run(options -> ledger.requeue(id, "the process stops", options));
                    run(options -> ledger.start(id, name, options));
                }
                boolean waits = random.nextBoolean() && isLeftWaiting(id);
                if (!waits && random.nextInt(4) == 0) {
                    handOff(id);
                }
                end(id, waits);
            }
        }
    }

    private void step(RunId run) {
        TaskId id = TaskId.of(run + "-step");
        NewTask task = NewTask.of("step").id(id).retry(RetryPolicy.upTo(2, Duration.ZERO));
        task(options -> ledger.tasks().start(run, task, options));
        task(options -> ledger.tasks().fail(id, Failure.of("the first attempt fails"), NOTHING, options));
        task(options -> ledger.tasks().retry(id, options));
        if (random.nextInt(4) > 0) { // else the run leaves it behind
            task(options -> ledger.tasks().succeed(id, NOTHING, options));
        }
        if (random.nextInt(4) == 0) {
            NewTask other = NewTask.of("other").id(TaskId.of(run + "-other"));
            task(options -> ledger.tasks().skip(run, other, "not needed", options));
        }
    }

    private boolean isLeftWaiting(RunId id) {
        run(options -> ledger.suspend(id, Wait.of(Wait.Code.APPROVAL).correlationKey(id.value()), options));
        if (random.nextInt(8) == 0) {
            return true;
        }
        run(options -> ledger.resume(id, Resumption.of("approved", "ann"), options));
        return false;
    }

    private void handOff(RunId parent) {
        RunId child = RunId.of(parent + "-child");
        NewRun request = NewRun.of("crash").id(child).target(name);
        run(options -> ledger.handOff(parent, request, options));
        witness.acknowledged(child + ":1", "QUEUED");
        run(options -> ledger.start(child, name, options));
        run(options -> ledger.succeed(child, options));
    }

    private void end(RunId id, boolean waits) {
        switch (random.nextInt(waits ? 2 : 4)) {
            case 0 -> run(options -> ledger.fail(id, Failure.of(new IllegalStateException("it broke")), options));
            case 1 -> run(options -> ledger.cancel(id, "called off", options));
            case 2 -> run(options -> ledger.incomplete(id, "the build is still red", options));
            default -> run(options -> ledger.succeed(id, options));
        }
    }

    // ---- one call

    private void dispatch(RunId id) {
        NewRun request = NewRun.of("crash")
                .id(id)
                .target(name)
                .trigger(Trigger.of("test").deliveryId(id.value()))
                .oncePerDelivery(true);
        Dispatch dispatch = answered(options -> ledger.dispatch(request, options));
        require(dispatch instanceof Dispatch.Queued || inDoubt && dispatch instanceof Dispatch.AlreadyQueued, dispatch);
        acknowledge(dispatch.orElseThrow());
    }

    private void run(Function<CallOptions, Transition> call) {
        Transition transition = answered(call);
        require(transition.isApplied() || inDoubt && transition instanceof Transition.AlreadyApplied, transition);
        acknowledge(transition.orElseThrow());
    }

    private void task(Function<CallOptions, TaskTransition> call) {
        TaskTransition transition = answered(call);
        require(transition.isApplied() || inDoubt && transition instanceof TaskTransition.AlreadyApplied, transition);
        TaskRun task = transition.orElseThrow();
        witness.acknowledged(task.eventId(), task.state().name());
    }

    private void acknowledge(WorkflowRun run) {
        witness.acknowledged(run.eventId(), run.state().name());
    }

    private <T> T answered(Function<CallOptions, T> call) {
        CallOptions options = CallOptions.idempotencyKey("call-" + ++calls);
        inDoubt = false;
        witness.calling();
        while (true) {
            try {
                return call.apply(options);
            } catch (StoreException failed) {
                inDoubt |= failed.certainty() == Certainty.UNKNOWN;
                if (!witness.again(failed)) {
                    throw failed;
                }
            }
        }
    }

    /** Checks an outcome: nobody else works on these runs, so a call fits, and it was applied before only if it was in doubt. */
    private static void require(boolean fits, Object answer) {
        if (!fits) {
            throw new IllegalStateException("A call came to " + answer);
        }
    }
}
