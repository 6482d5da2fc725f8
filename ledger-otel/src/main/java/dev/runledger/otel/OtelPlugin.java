package dev.runledger.otel;

import dev.runledger.LedgerPlugin;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.LoggerBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerBuilder;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a ledger does to OpenTelemetry: each event as a log event, and runs, tasks and waits as spans. The trace of a dispatch
 * goes on in the worker, in another process too. {@code Ledger.builder().install(OtelPlugin.of(openTelemetry))} installs all of it, as
 * a sink, a context carrier and an interceptor.
 *
 * <p>The sink is inline, because it puts what an event says on the span that is current where the event is emitted. It calls the API
 * and nothing else, so it blocks no longer than the span and log processors of the application do: a batch processor drops what its
 * exporter has no room for, a simple one waits.
 *
 * <p>Thread-safe. It works with every API from 1.49 on. With no SDK behind the API, or one that was shut down, it sends nothing and
 * throws nothing. The application closes its SDK.
 */
public final class OtelPlugin implements LedgerPlugin {
    /** The name of the instrumentation scope of every log event, span and metric of this plugin. */
    public static final String SCOPE = "dev.runledger";

    private final RunSpans runs;
    private final TaskSpans tasks;
    private final OtelSink sink;
    private final TraceCarrier carrier;
    private final SpanInterceptor interceptor;

    private OtelPlugin(Builder builder) {
        Propagation propagation = new Propagation(builder.propagator);
        Tracer tracer = tracer(builder.api);
        FieldKeys keys = new FieldKeys();
        CicdNames cicd = builder.cicdNames ? new CicdNames() : null;
        this.runs = new RunSpans(tracer, propagation, keys, cicd);
        this.tasks = new TaskSpans(tracer, runs, keys, cicd);
        this.sink = new OtelSink(
                runs,
                tasks,
                keys,
                builder.cicdNames ? new CicdMetrics(meter(builder.api)) : null,
                builder.logEvents ? new EventRecords(logger(builder.api), propagation, keys) : null);
        this.carrier = new TraceCarrier(propagation, runs);
        this.interceptor = new SpanInterceptor(tracer, propagation, runs, tasks);
    }

    /** Returns a plugin with every default: log events and spans, and no metrics. */
    public static OtelPlugin of(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** Starts from the defaults of {@link #of(OpenTelemetry)}. */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(openTelemetry);
    }

    @Override
    public void install(Installation installation) {
        installation.sink(sink).carrier(carrier).interceptor(interceptor);
    }

    /** Returns how many spans are open in this process: one for each handler and each attempt under way whose end was not emitted. */
    int openSpans() {
        return runs.openSpans() + tasks.openSpans();
    }

    private static Tracer tracer(OpenTelemetry api) {
        TracerBuilder builder = api.tracerBuilder(SCOPE);
        String version = version();
        return (version == null ? builder : builder.setInstrumentationVersion(version)).build();
    }

    private static Logger logger(OpenTelemetry api) {
        LoggerBuilder builder = api.getLogsBridge().loggerBuilder(SCOPE);
        String version = version();
        return (version == null ? builder : builder.setInstrumentationVersion(version)).build();
    }

    private static Meter meter(OpenTelemetry api) {
        MeterBuilder builder = api.meterBuilder(SCOPE);
        String version = version();
        return (version == null ? builder : builder.setInstrumentationVersion(version)).build();
    }

    /** Returns the version of this module as its jar says it, or null outside a jar. */
    private static @Nullable String version() {
        return OtelPlugin.class.getPackage().getImplementationVersion();
    }

    /** Builds an {@link OtelPlugin}. Not thread-safe. */
    public static final class Builder {
        private final OpenTelemetry api;
        private TextMapPropagator propagator = W3CTraceContextPropagator.getInstance();
        private boolean logEvents = true;
        private boolean cicdNames;

        private Builder(OpenTelemetry openTelemetry) {
            this.api = Objects.requireNonNull(openTelemetry, "openTelemetry");
        }

        /**
         * Sets whether events are log events. Switch this off if the lines of the log sink reach OpenTelemetry through an appender, or
         * every event is there twice. Default: yes.
         */
        public Builder logEvents(boolean logEvents) {
            this.logEvents = logEvents;
            return this;
        }

        /**
         * Sets whether runs and tasks also have OpenTelemetry's names for pipelines: {@code cicd.pipeline.*} attributes, spans called
         * {@code RUN <workflow>} of kind SERVER, and the metrics {@code cicd.pipeline.run.duration}, {@code cicd.pipeline.run.errors}
         * and {@code cicd.system.errors}. Default: no.
         */
        public Builder cicdNames(boolean cicdNames) {
            this.cicdNames = cicdNames;
            return this;
        }

        /**
         * Sets what turns a trace into strings and back. It injects at every dispatch and every event, and what it writes is stored with
         * the run: one that writes baggage stores baggage. Default: W3C's {@code traceparent} and {@code tracestate}.
         */
        public Builder propagator(TextMapPropagator propagator) {
            this.propagator = Objects.requireNonNull(propagator, "propagator");
            return this;
        }

        /** Returns the plugin. */
        public OtelPlugin build() {
            return new OtelPlugin(this);
        }
    }
}
