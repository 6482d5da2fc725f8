package dev.runledger.trials;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Lists every kind of call that stores an event of a run or a task, with what has to be there before it, and what it stores. */
enum CallKind {
    DISPATCH(":1") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            Dispatch dispatch = ledger.dispatch(request(id), options);
            return new Answer(
                    dispatch instanceof Dispatch.Queued, dispatch.orElseThrow().eventId());
        }
    },
    START(":2") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.start(id, "worker", options));
        }
    },
    SUSPEND(":3") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey(id.value()), options));
        }
    },
    RESUME(":4") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.resume(id, Resumption.of("approved", "ann"), options));
        }
    },
    REQUEUE(":3") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.requeue(id, "the process stops", options));
        }
    },
    HAND_OFF(":3", "-child:1") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.handOff(id, request(RunId.of(id + "-child")), options));
        }
    },
    SUCCEED(":3") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.succeed(id, options));
        }
    },
    INCOMPLETE(":3") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.incomplete(id, "the build is still red", options));
        }
    },
    FAIL(":3") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.fail(id, Failure.of("it broke"), options));
        }
    },
    CANCEL(":3") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.cancel(id, "called off", options));
        }
    },
    ENQUEUE_FAILED(":2") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.enqueueFailed(id, new IllegalStateException("the queue is full"), options));
        }
    },
    START_TASK("-task:1") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.tasks().start(id, NewTask.of("step").id(task(id)), options));
        }
    },
    SUCCEED_TASK("-task:2") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.tasks().succeed(task(id), TaskRun.Result.nothing(), options));
        }
    },
    FAIL_TASK("-task:2") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.tasks().fail(task(id), Failure.of("it broke"), TaskRun.Result.nothing(), options));
        }
    },
    RETRY_TASK("-task:3") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.tasks().retry(task(id), options));
        }
    },
    SKIP_TASK("-task:1") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            return Answer.of(ledger.tasks().skip(id, NewTask.of("step").id(task(id)), "not needed", options));
        }
    },
    IMPORT_RUN(":3", ":1", ":2") {
        @Override
        Answer call(Ledger ledger, RunId id, CallOptions options) {
            Instant then = Instant.parse("2026-01-02T03:04:05Z");
            CallOutcome.Imported imported =
                    ledger.importRun(Ledgers.succeeded(request(id), then, Duration.ofSeconds(2)));
            return new Answer(imported.isImported(), imported.orElseThrow().eventId());
        }
    };

    /**
     * The outcome of a call of any kind.
     *
     * @param applied whether it was applied; if not, it was applied before
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
    abstract Answer call(Ledger ledger, RunId id, CallOptions options);

    /** Makes the call without options. */
    final Answer call(Ledger ledger, RunId id) {
        return call(ledger, id, CallOptions.none());
    }

    /** Returns the ids of the events that the call stores, first the one of the run or task that it is about. */
    List<String> events(RunId id) {
        return events.stream().map(end -> id + end).toList();
    }

    /** Returns whether what it stores is emitted. */
    boolean isEmitted() {
        return this != IMPORT_RUN;
    }

    /** Brings the run into a state that the call fits. */
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

    /** Returns a run that names its project and queue, so that the ledger need not look up its parent before a hand-off. */
    static NewRun request(RunId id) {
        return NewRun.of("crash").id(id).project("trials").taskQueue("trials").target("the target of " + id);
    }

    private static TaskId task(RunId id) {
        return TaskId.of(id + "-task");
    }
}
