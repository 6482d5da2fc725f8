package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.run.Dispatch;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;

/**
 * One thread of a host: takes runs from their dispatch to one of the four ends, each call under a transition id. A call that throws
 * a {@link StoreException} is made again where the witness says so, and has to come to the one event all the same. For one thread.
 */
final class RunWriter {
    /** Whoever is told what the calls came to. */
    interface Witness {
        /** The call has returned: this event is stored and led to this state. */
        void acknowledged(String eventId, String state);

        /** The call has thrown; answers whether the same call is to be made again. */
        boolean again(StoreException failed);

        /** A call is about to be made for the first time. */
        default void calling() {}
    }

    private final Ledger ledger;
    private final Random random;
    private final String name;
    private final Witness witness;
    private int lives;
    private int calls;
    private boolean inDoubt;

    /** The name is what the ids of its runs begin with, and their target. */
    RunWriter(Ledger ledger, long seed, String name, Witness witness) {
        this.ledger = ledger;
        this.random = new Random(seed);
        this.name = name;
        this.witness = witness;
    }

    /** The life of one run, and of its child where it has one. */
    void life() {
        RunId id = RunId.of(name + "-" + ++lives);
        dispatch(id);
        switch (random.nextInt(8)) {
            case 0 -> run(ledger -> ledger.cancel(id, "not wanted any more"));
            case 1 -> run(ledger -> ledger.enqueueFailed(id, new IllegalStateException("the queue is full")));
            default -> {
                run(ledger -> ledger.start(id, name));
                step(id);
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
        task(ledger -> ledger.tasks().start(run, task));
        task(ledger -> ledger.tasks().fail(id, Failure.of("the first attempt fails")));
        task(ledger -> ledger.tasks().retry(id));
        if (random.nextInt(4) > 0) { // else the run leaves it behind
            task(ledger -> ledger.tasks().succeed(id));
        }
        if (random.nextInt(4) == 0) {
            NewTask other = NewTask.of("other").id(TaskId.of(run + "-other"));
            task(ledger -> ledger.tasks().skip(run, other, "not needed"));
        }
    }

    private boolean isLeftWaiting(RunId id) {
        run(ledger -> ledger.suspend(id, Wait.of(Wait.Code.APPROVAL).correlationKey(id.value())));
        if (random.nextInt(8) == 0) {
            return true;
        }
        run(ledger -> ledger.resume(id, Resumption.of("approved", "ann")));
        return false;
    }

    private void handOff(RunId parent) {
        RunId child = RunId.of(parent + "-child");
        NewRun request = NewRun.of("crash").id(child).target(name);
        run(ledger -> ledger.handOff(parent, request));
        witness.acknowledged(child + ":1", "QUEUED");
        run(ledger -> ledger.start(child, name));
        run(ledger -> ledger.succeed(child));
    }

    private void end(RunId id, boolean waits) {
        switch (random.nextInt(waits ? 2 : 4)) {
            case 0 -> run(ledger -> ledger.fail(id, Failure.of(new IllegalStateException("it broke"))));
            case 1 -> run(ledger -> ledger.cancel(id, "called off"));
            case 2 -> run(ledger -> ledger.incomplete(id, "the build is still red"));
            default -> run(ledger -> ledger.succeed(id));
        }
    }

    // ---- one call

    private void dispatch(RunId id) {
        NewRun request = NewRun.of("crash")
                .id(id)
                .target(name)
                .trigger(Trigger.of("test").deliveryId(id.value()))
                .oncePerDelivery(true);
        Dispatch dispatch = answered(ledger -> ledger.dispatch(request));
        require(dispatch instanceof Dispatch.Queued || inDoubt && dispatch instanceof Dispatch.AlreadyQueued, dispatch);
        acknowledge(dispatch.orElseThrow());
    }

    private void run(Function<Ledger, Transition> call) {
        Transition transition = answered(call);
        require(transition.isApplied() || inDoubt && transition instanceof Transition.AlreadyApplied, transition);
        acknowledge(transition.orElseThrow());
    }

    private void task(Function<Ledger, TaskTransition> call) {
        TaskTransition transition = answered(call);
        require(transition.isApplied() || inDoubt && transition instanceof TaskTransition.AlreadyApplied, transition);
        TaskRun task = transition.orElseThrow();
        witness.acknowledged(task.eventId(), task.state().name());
    }

    private void acknowledge(WorkflowRun run) {
        witness.acknowledged(run.eventId(), run.state().name());
    }

    private <T> T answered(Function<Ledger, T> call) {
        Ledger once = ledger.withTransitionId("call-" + ++calls);
        inDoubt = false;
        witness.calling();
        while (true) {
            try {
                return call.apply(once);
            } catch (StoreException failed) {
                inDoubt |= failed.outcome() == Outcome.UNKNOWN;
                if (!witness.again(failed)) {
                    throw failed;
                }
            }
        }
    }

    /** Nobody else works on these runs, so a call fits; and it was applied before only where it was in doubt. */
    private static void require(boolean fits, Object answer) {
        if (!fits) {
            throw new IllegalStateException("A call came to " + answer);
        }
    }
}
