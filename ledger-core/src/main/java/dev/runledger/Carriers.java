package dev.runledger;

import dev.runledger.run.ContextCarrier;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** The context carriers of a host, none of which can fail what it is called for. */
final class Carriers {
    private final List<ContextCarrier> carriers;
    private final LongAdder failures = new LongAdder();

    Carriers(List<ContextCarrier> carriers) {
        this.carriers = List.copyOf(carriers);
    }

    long failures() {
        return failures.sum();
    }

    /** What the current thread has. */
    Map<String, String> capture() {
        if (carriers.isEmpty()) {
            return Map.of();
        }
        Map<String, String> captured = new HashMap<>();
        for (ContextCarrier carrier : carriers) {
            try {
                captured.putAll(carrier.capture());
            } catch (Throwable broken) { // a carrier must not cost the host its dispatch
                failures.increment();
            }
        }
        captured.values().removeIf(value -> value == null);
        captured.keySet().removeIf(name -> name == null);
        return captured;
    }

    /** Makes the context of a run current; closing the result undoes it in reverse. */
    ContextCarrier.Restored restore(WorkflowRun run) {
        return restore(carrier -> carrier.restore(run));
    }

    /** The same around one attempt of a task. */
    ContextCarrier.Restored restore(WorkflowRun run, TaskRun task) {
        return restore(carrier -> carrier.restore(run, task));
    }

    /** The same around what prepares an attempt. */
    ContextCarrier.Restored preparing(WorkflowRun run, TaskRun task) {
        return restore(carrier -> carrier.preparing(run, task));
    }

    /** Follows a wait for the end of a run; closing the result undoes it in reverse. */
    ContextCarrier.Waiting waiting(RunId id) {
        Deque<ContextCarrier.Waiting> followed = entered(carrier -> carrier.waiting(id));
        return new ContextCarrier.Waiting() {
            @Override
            public void polled(WorkflowRun run) {
                for (ContextCarrier.Waiting each : followed) {
                    try {
                        each.polled(run);
                    } catch (Throwable broken) { // nor a look at it
                        failures.increment();
                    }
                }
            }

            @Override
            public void close() {
                followed.forEach(Carriers.this::undo);
            }
        };
    }

    private ContextCarrier.Restored restore(Function<ContextCarrier, ContextCarrier.Restored> enter) {
        Deque<ContextCarrier.Restored> restored = entered(enter);
        return () -> restored.forEach(this::undo);
    }

    private <R extends ContextCarrier.Restored> Deque<R> entered(Function<ContextCarrier, R> enter) {
        Deque<R> entered = new ArrayDeque<>(carriers.size());
        for (ContextCarrier carrier : carriers) {
            try {
                entered.push(enter.apply(carrier));
            } catch (Throwable broken) { // nor its execution
                failures.increment();
            }
        }
        return entered;
    }

    private void undo(ContextCarrier.Restored restored) {
        try {
            restored.close();
        } catch (Throwable broken) { // nor the outcome of it
            failures.increment();
        }
    }
}
