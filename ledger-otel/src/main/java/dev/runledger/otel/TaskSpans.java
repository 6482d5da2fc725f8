package dev.runledger.otel;

import dev.runledger.context.ContextCarrier;
import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.NewTask;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spans of tasks: one for each attempt, named by the kind of the task. An attempt that the application did not run through {@code
 * TaskScope.run} has its span made when it ends, from what the event says. Thread-safe.
 */
final class TaskSpans {
    private static final AttributeKey<String> RUN_ID =
            AttributeKey.stringKey(FieldKeys.attributeName(EventField.RUN_ID));
    private static final AttributeKey<String> TASK_ID =
            AttributeKey.stringKey(FieldKeys.attributeName(EventField.TASK_ID));
    private static final AttributeKey<String> KIND =
            AttributeKey.stringKey(FieldKeys.attributeName(EventField.TASK_KIND));

    private final Tracer tracer;
    private final RunSpans runs;
    private final FieldKeys keys;
    private final @Nullable CicdNames cicd;
    private final OpenSpans open = new OpenSpans();

    TaskSpans(Tracer tracer, RunSpans runs, FieldKeys keys, @Nullable CicdNames cicd) {
        this.tracer = tracer;
        this.runs = runs;
        this.keys = keys;
        this.cicd = cicd;
    }

    /** Begins an attempt on this thread, inside what is current. */
    ContextCarrier.Scope begin(WorkflowRun run, TaskRun task) {
        String taskId = task.id().value();
        Context parent = Context.current();
        Span span = builder(task.request().kind(), parent)
                .setAttribute(RUN_ID, run.id().value())
                .setAttribute(TASK_ID, taskId)
                .startSpan();
        return open.open(taskId, span, parent);
    }

    /** Returns whether an event of this type ends an attempt. */
    static boolean isEnd(EventType type) {
        return type == TaskRunEvent.SUCCEEDED || type == TaskRunEvent.FAILED;
    }

    /** Ends the span of the attempt, or makes one of its times, if the event says how the attempt ended. */
    void end(TaskRunEvent type, LedgerEvent event) {
        String taskId = event.text(EventField.TASK_ID).orElse(null);
        if (taskId == null || !isEnd(type)) {
            return;
        }
        OpenSpan attempt = open.take(taskId);
        if (attempt != null) {
            describe(attempt.span(), event);
            attempt.span().end();
            return;
        }
        Instant end = event.occurredAt();
        Span span = builder(kindOf(event), parentOf(event))
                .setStartTimestamp(
                        end.minusMillis(event.number(EventField.DURATION_MS).orElse(0L)))
                .startSpan();
        describe(span, event);
        span.end(end);
    }

    /** Begins on this thread what prepares an attempt. */
    ContextCarrier.Scope prepare(WorkflowRun run, TaskRun task) {
        Span span = tracer.spanBuilder(
                        SpanName.ofPreparation(task.request().kind()).spanName())
                .setAttribute(RUN_ID, run.id().value())
                .setAttribute(TASK_ID, task.id().value())
                .startSpan();
        Scope scope = OpenSpan.enter(Context.current().with(span));
        return () -> {
            scope.close();
            span.end();
        };
    }

    private SpanBuilder builder(NewTask.Kind kind, Context parent) {
        return tracer.spanBuilder(SpanName.ofTask(kind).spanName())
                .setParent(parent)
                .setAttribute(KIND, kind.code());
    }

    private Context parentOf(LedgerEvent event) {
        Map<String, String> dispatched =
                event.run().map(run -> run.request().context()).orElse(event.context());
        return runs.inside(event.text(EventField.RUN_ID).orElse(""), dispatched);
    }

    private static NewTask.Kind kindOf(LedgerEvent event) {
        String code = event.text(EventField.TASK_KIND).orElse("");
        for (NewTask.Kind kind : NewTask.Kind.values()) {
            if (kind.code().equals(code)) {
                return kind;
            }
        }
        return NewTask.Kind.TASK;
    }

    private void describe(Span span, LedgerEvent event) {
        keys.onSpan(event, span);
        boolean failed = Errors.isFailure(event);
        span.setAttribute(Attribute.OUTCOME.key(), failed ? "failed" : "succeeded");
        Errors.onSpan(event, span);
        if (cicd != null) {
            cicd.onTask(span, event);
        }
    }

    /** Returns how many attempts are open in this process. */
    int openSpans() {
        return open.size();
    }
}
