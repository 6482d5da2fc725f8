package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.run.Dispatch;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Every kind of call that stores an event of a run or a task: what has to be there before it, and what it stores. */
enum CallKind {
    DISPATCH(":1") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            Dispatch dispatch = ledger.dispatch(request(id));
            return new Answer(
                    dispatch instanceof Dispatch.Queued, dispatch.orElseThrow().eventId());
        }
    },
    START(":2") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.start(id, "worker"));
        }
    },
    SUSPEND(":3") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey(id.value())));
        }
    },
    RESUME(":4") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.resume(id, Resumption.of("approved", "ann")));
        }
    },
    HAND_OFF(":3", "-child:1") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.handOff(id, request(RunId.of(id + "-child"))));
        }
    },
    SUCCEED(":3") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.succeed(id));
        }
    },
    INCOMPLETE(":3") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.incomplete(id, "the build is still red"));
        }
    },
    FAIL(":3") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.fail(id, Failure.of("it broke")));
        }
    },
    CANCEL(":3") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.cancel(id, "called off"));
        }
    },
    ENQUEUE_FAILED(":2") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.enqueueFailed(id, new IllegalStateException("the queue is full")));
        }
    },
    START_TASK("-task:1") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.tasks().start(id, NewTask.of("step").id(task(id))));
        }
    },
    SUCCEED_TASK("-task:2") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.tasks().succeed(task(id)));
        }
    },
    FAIL_TASK("-task:2") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.tasks().fail(task(id), Failure.of("it broke")));
        }
    },
    RETRY_TASK("-task:3") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.tasks().retry(task(id)));
        }
    },
    SKIP_TASK("-task:1") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            return Answer.of(ledger.tasks().skip(id, NewTask.of("step").id(task(id)), "not needed"));
        }
    },
    IMPORT_RUN(":3", ":1", ":2") {
        @Override
        Answer call(Ledger ledger, RunId id) {
            Instant then = Instant.parse("2026-01-02T03:04:05Z");
            WorkflowRun.Times times = new WorkflowRun.Times(then, then.plusSeconds(1), null, Duration.ZERO, then.plusSeconds(2));
            WorkflowRun finished =
                    new WorkflowRun(request(id), RunState.SUCCEEDED, 3, times, "worker", false, null, null, null, null);
            return new Answer(ledger.importRun(finished), finished.eventId());
        }
    };

    /**
     * What a call came to, whatever its kind.
     *
     * @param applied whether it was applied; else it was applied before
     * @param eventId the event that it named
     */
    record Answer(boolean applied, String eventId) {
        private static Answer of(Transition transition) {
            if (transition instanceof Transition.AlreadyApplied already) {
                return new Answer(false, already.eventId());
            }
            return new Answer(transition.isApplied(), transition.orElseThrow().eventId());
        }

        private static Answer of(TaskTransition transition) {
            if (transition instanceof TaskTransition.AlreadyApplied already) {
                return new Answer(false, already.eventId());
            }
            return new Answer(transition.isApplied(), transition.orElseThrow().eventId());
        }
    }

    private final List<String> events;

    CallKind(String... events) {
        this.events = List.of(events);
    }

    /** Makes the call on the run with this id, or on its task. */
    abstract Answer call(Ledger ledger, RunId id);

    /** The ids of the events that the call stores, that of the run or task that it is about first. */
    List<String> events(RunId id) {
        return events.stream().map(end -> id + end).toList();
    }

    /** Whether what it stores is told. */
    boolean isTold() {
        return this != IMPORT_RUN;
    }

    /** Brings the run to where the call fits. */
    void prepare(Ledger ledger, RunId id) {
        List<CallKind> before = switch (this) {
            case DISPATCH, IMPORT_RUN -> List.of();
            case START, ENQUEUE_FAILED -> List.of(DISPATCH);
            case RESUME -> List.of(DISPATCH, START, SUSPEND);
            case SUCCEED_TASK, FAIL_TASK -> List.of(DISPATCH, START, START_TASK);
            case RETRY_TASK -> List.of(DISPATCH, START, START_TASK, FAIL_TASK);
            default -> List.of(DISPATCH, START);
        };
        before.forEach(each -> each.call(ledger, id));
    }

    static NewRun request(RunId id) {
        return NewRun.of("crash").id(id).target("the target of " + id);
    }

    private static TaskId task(RunId id) {
        return TaskId.of(id + "-task");
    }
}
