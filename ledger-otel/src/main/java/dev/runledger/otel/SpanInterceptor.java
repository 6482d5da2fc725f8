package dev.runledger.otel;

import dev.runledger.context.ContextCarrier.Scope;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.api.trace.Tracer;

/** Opens a span around each execution. The sink ends it with what the event of its end says. Thread-safe. */
final class SpanInterceptor implements ExecutionInterceptor {
    private final Tracer tracer;
    private final Propagation propagation;
    private final RunSpans runs;
    private final TaskSpans tasks;

    SpanInterceptor(Tracer tracer, Propagation propagation, RunSpans runs, TaskSpans tasks) {
        this.tracer = tracer;
        this.propagation = propagation;
        this.runs = runs;
        this.tasks = tasks;
    }

    @Override
    public Scope aroundRun(WorkflowRun run) {
        return runs.begin(run);
    }

    @Override
    public Scope aroundTask(WorkflowRun run, TaskRun task) {
        return tasks.begin(run, task);
    }

    @Override
    public Scope aroundPreparation(WorkflowRun run, TaskRun task) {
        return tasks.prepare(run, task);
    }

    @Override
    public AwaitScope aroundAwait(RunId runId) {
        return new WaitSpan(tracer, propagation, runId);
    }
}
