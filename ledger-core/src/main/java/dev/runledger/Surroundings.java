package dev.runledger;

import dev.runledger.context.ContextCarrier;
import dev.runledger.context.ContextCarrier.Scope;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.context.ExecutionInterceptor.AwaitScope;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Calls the carriers and interceptors of an application, none of which can fail what it surrounds. */
final class Surroundings {
    private final List<ContextCarrier> carriers;
    private final List<ExecutionInterceptor> interceptors;
    private final LongAdder failures = new LongAdder();

    Surroundings(List<ContextCarrier> carriers, List<ExecutionInterceptor> interceptors) {
        this.carriers = List.copyOf(carriers);
        this.interceptors = List.copyOf(interceptors);
    }

    long failures() {
        return failures.sum();
    }

    /** Returns what the current thread has. */
    Map<String, String> capture() {
        Map<String, String> captured = Map.of();
        for (ContextCarrier carrier : carriers) {
            try {
                Map<String, String> more = carrier.capture();
                if (!more.isEmpty()) { // most events are emitted where there is nothing
                    captured = both(captured, more);
                }
            } catch (Throwable broken) { // a carrier must not cost the application its dispatch
                failures.increment();
            }
        }
        return captured;
    }

    private static Map<String, String> both(Map<String, String> captured, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(captured);
        more.forEach((name, value) -> {
            if (name != null && value != null) {
                all.put(name, value);
            }
        });
        return all;
    }

    /** Enters the execution of a run; closing the scope leaves it in reverse. */
    Scope aroundRun(WorkflowRun run) {
        return enter(carrier -> carrier.restore(run), interceptor -> interceptor.aroundRun(run));
    }

    /** Enters one attempt of a task. */
    Scope aroundTask(WorkflowRun run, TaskRun task) {
        return enter(carrier -> carrier.restore(run), interceptor -> interceptor.aroundTask(run, task));
    }

    /** Enters what prepares an attempt. */
    Scope aroundPreparation(WorkflowRun run, TaskRun task) {
        Deque<Scope> entered = new ArrayDeque<>();
        enter(interceptors, interceptor -> interceptor.aroundPreparation(run, task), entered);
        return () -> entered.forEach(this::leave);
    }

    /** Follows a wait for the end of a run. */
    AwaitScope aroundAwait(RunId id) {
        Deque<AwaitScope> entered = new ArrayDeque<>();
        enter(interceptors, interceptor -> interceptor.aroundAwait(id), entered);
        return new AwaitScope() {
            @Override
            public void polled(RunState state) {
                for (AwaitScope each : entered) {
                    try {
                        each.polled(state);
                    } catch (Throwable broken) { // nor the wait
                        failures.increment();
                    }
                }
            }

            @Override
            public void close() {
                entered.forEach(Surroundings.this::leave);
            }
        };
    }

    private Scope enter(Function<ContextCarrier, Scope> restore, Function<ExecutionInterceptor, Scope> surround) {
        Deque<Scope> entered = new ArrayDeque<>(carriers.size() + interceptors.size() + 1);
        enter(carriers, restore, entered);
        enter(interceptors, surround, entered);
        return () -> entered.forEach(this::leave);
    }

    private <P, S extends Scope> void enter(List<P> parts, Function<P, S> surround, Deque<S> entered) {
        for (P part : parts) {
            try {
                entered.push(surround.apply(part));
            } catch (Throwable broken) { // nor its execution
                failures.increment();
            }
        }
    }

    private void leave(Scope scope) {
        try {
            scope.close();
        } catch (Throwable broken) { // nor the outcome of it
            failures.increment();
        }
    }
}
