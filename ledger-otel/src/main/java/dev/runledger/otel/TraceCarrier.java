package dev.runledger.otel;

import dev.runledger.context.ContextCarrier;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.api.trace.Tracer;
import java.util.Map;

/** Takes the trace of a dispatch along, and opens the spans of what is executed. */
final class TraceCarrier implements ContextCarrier {
    private final Tracer tracer;
    private final Propagation propagation;
    private final RunSpans runs;
    private final TaskSpans tasks;

    TraceCarrier(Tracer tracer, Propagation propagation, RunSpans runs, TaskSpans tasks) {
        this.tracer = tracer;
        this.propagation = propagation;
        this.runs = runs;
        this.tasks = tasks;
    }

    @Override
    public Map<String, String> capture() {
        return propagation.capture();
    }

    @Override
    public Restored restore(WorkflowRun run) {
        return runs.begin(run);
    }

    @Override
    public Restored restore(WorkflowRun run, TaskRun task) {
        return tasks.begin(run, task);
    }

    @Override
    public Restored preparing(WorkflowRun run, TaskRun task) {
        return tasks.prepare(run, task);
    }

    @Override
    public Waiting waiting(RunId runId) {
        return new WaitSpan(tracer, propagation, runId);
    }
}
