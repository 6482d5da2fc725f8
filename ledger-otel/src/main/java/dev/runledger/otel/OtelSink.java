package dev.runledger.otel;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.context.ContextCarrier;
import dev.runledger.sink.EventSink;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.LoggerBuilder;
import io.opentelemetry.api.metrics.MeterBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerBuilder;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells events through OpenTelemetry: each as a log event, and runs and tasks as spans. With {@link #carrier()} beside it, the trace of a
 * dispatch goes on in the worker, in another process too.
 *
 * <p>Told inline, on purpose: what an event says is put on the span that is current where it happens. It calls the API and nothing else,
 * so it blocks no longer than the host's processors do: a batch processor drops what its exporter has no room for, a simple one waits.
 * Behind {@code EventSink.queued} with its carrier, events come when their spans may be closed already: such a segment is {@code lost} and
 * its run has a second span, of stored times, a task likewise, and an await has no outcome; log events lose nothing.
 *
 * <p>Thread-safe. Works with every API from 1.49 on, and with none behind it, or one that was shut down, it tells nobody and throws
 * nothing. What it was given is the host's to close.
 */
public final class OtelSink implements EventSink {
    /** The name of the instrumentation scope of every log event, span and metric of this sink. */
    public static final String SCOPE = "dev.runledger";

    private final @Nullable EventRecords records;
    private final FieldKeys keys;
    private final RunSpans runs;
    private final TaskSpans tasks;
    private final @Nullable CicdMetrics metrics;
    private final ContextCarrier carrier;

    private OtelSink(Builder builder) {
        String version = OtelSink.class.getPackage().getImplementationVersion();
        OpenTelemetry api = builder.api;
        CicdNames cicd = builder.cicdNames ? new CicdNames() : null;
        Propagation propagation = new Propagation(builder.propagator);
        Tracer tracer = tracer(api, version);
        this.keys = new FieldKeys();
        this.runs = new RunSpans(tracer, propagation, keys, cicd);
        this.tasks = new TaskSpans(tracer, runs, keys, cicd);
        this.carrier = new TraceCarrier(tracer, propagation, runs, tasks);
        this.metrics = builder.cicdNames ? metrics(api, version) : null;
        this.records = builder.logEvents ? records(api, version, propagation, keys) : null;
    }

    /** Tells all of it through this: log events, spans and no metrics. */
    public static OtelSink of(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** Starts from the defaults of {@link #of(OpenTelemetry)}. */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(openTelemetry);
    }

    /**
     * What takes the trace of a dispatch along with the run, and opens the spans of what is executed, for {@code
     * WorkflowRunEvents.builder().carrier(…)}. This sink ends those spans with what it is told, so both go together: without the sink
     * every outcome is {@code lost}, and without the carrier each run and task has one span, made when it ends.
     */
    public ContextCarrier carrier() {
        return carrier;
    }

    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    /** Everything, if log events are on; else what ends a span or is measured. */
    @Override
    public boolean wants(EventType type) {
        if (records != null) {
            return true;
        }
        return type instanceof WorkflowRunEvent ofRun
                ? type == WorkflowRunEvent.AWAITED
                        || RunSpans.isEnd(ofRun)
                        || (metrics != null && CicdMetrics.isMeasured(ofRun))
                : TaskSpans.isEnd(type);
    }

    /** Ends the spans first, so that a log event that a backend has can be followed to a span that it has too. */
    @Override
    public void accept(LedgerEvent event) {
        if (event.type() instanceof WorkflowRunEvent type) {
            if (type == WorkflowRunEvent.AWAITED) {
                WaitSpan.told(event, keys);
            } else {
                runs.told(type, event);
            }
            if (metrics != null) {
                metrics.told(type, event);
            }
        } else if (event.type() instanceof TaskRunEvent type) {
            tasks.told(type, event);
        }
        if (records != null) {
            records.emit(event);
        }
    }

    /** How many spans wait for their end in this process: one for each handler and each task that is under way. */
    int spansUnderWay() {
        return runs.underWay() + tasks.underWay();
    }

    private static Tracer tracer(OpenTelemetry api, @Nullable String version) {
        TracerBuilder builder = api.tracerBuilder(SCOPE);
        return (version == null ? builder : builder.setInstrumentationVersion(version)).build();
    }

    private static EventRecords records(
            OpenTelemetry api, @Nullable String version, Propagation propagation, FieldKeys keys) {
        LoggerBuilder builder = api.getLogsBridge().loggerBuilder(SCOPE);
        return new EventRecords(
                (version == null ? builder : builder.setInstrumentationVersion(version)).build(), propagation, keys);
    }

    private static CicdMetrics metrics(OpenTelemetry api, @Nullable String version) {
        MeterBuilder builder = api.meterBuilder(SCOPE);
        return new CicdMetrics((version == null ? builder : builder.setInstrumentationVersion(version)).build());
    }

    /** Builds an {@link OtelSink}. Not thread-safe. */
    public static final class Builder {
        private final OpenTelemetry api;
        private TextMapPropagator propagator = W3CTraceContextPropagator.getInstance();
        private boolean logEvents = true;
        private boolean cicdNames;

        private Builder(OpenTelemetry openTelemetry) {
            this.api = Objects.requireNonNull(openTelemetry, "openTelemetry");
        }

        /**
         * Whether events are told as log events. Switch this off where the lines of the log sink reach OpenTelemetry through an appender
         * already, or every event is there twice. Default: yes.
         */
        public Builder logEvents(boolean logEvents) {
            this.logEvents = logEvents;
            return this;
        }

        /**
         * Whether runs and tasks also have OpenTelemetry's names for pipelines: {@code cicd.pipeline.*} attributes, spans called {@code RUN
         * <workflow>} of kind SERVER, and the metrics {@code cicd.pipeline.run.duration}, {@code cicd.pipeline.run.errors} and {@code
         * cicd.system.errors}. Default: no.
         */
        public Builder cicdNames(boolean cicdNames) {
            this.cicdNames = cicdNames;
            return this;
        }

        /**
         * What turns a trace into strings and back. It is asked to inject wherever an event is told, and what it writes is stored with the
         * run: one that writes baggage stores baggage. Default: W3C's {@code traceparent} and {@code tracestate}.
         */
        public Builder propagator(TextMapPropagator propagator) {
            this.propagator = Objects.requireNonNull(propagator, "propagator");
            return this;
        }

        /** The sink. */
        public OtelSink build() {
            return new OtelSink(this);
        }
    }
}
