package dev.runledger;

import dev.runledger.run.ContextCarrier;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

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
        Deque<ContextCarrier.Restored> restored = new ArrayDeque<>(carriers.size());
        for (ContextCarrier carrier : carriers) {
            try {
                restored.push(carrier.restore(run));
            } catch (Throwable broken) { // nor its execution
                failures.increment();
            }
        }
        return () -> restored.forEach(this::undo);
    }

    private void undo(ContextCarrier.Restored restored) {
        try {
            restored.close();
        } catch (Throwable broken) { // nor the outcome of it
            failures.increment();
        }
    }
}
