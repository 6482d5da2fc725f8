package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.micrometer.LedgerMeter;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.otel.OtelPlugin;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.slf4j.Logger;

/** One event of sixteen fields through the sinks of metrics and traces, beside the calls that they make of their libraries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SinkBenchmark {
    private static final int EVENTS = 4096;

    private final LedgerEvent[] made = new LedgerEvent[EVENTS];
    private final Sample sample = new Sample();
    private int next;
    private MicrometerSink meters;
    private Counter counter;
    private Timer timer;
    private Collected collected;
    private EventSink telemetry;
    private RawTelemetry rawTelemetry;
    private Logger rawLog;
    private WorkflowRunEvents all;

    /** Makes every variant, so that each fork is alike, and checks that by hand the same is done as by the sinks. */
    @Setup
    public void open() throws Exception {
        Logging.quiet(Level.WARN);
        Sanitizer sanitizer = Sanitizer.of(Redactor.standard(), Limits.standard());
        for (int i = 0; i < EVENTS; i++) {
            made[i] = event(sanitizer, sample.next());
        }
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        meters = MicrometerSink.of(registry);
        meters.accept(made[0]);
        counter = registry.get(LedgerMeter.RUN_EVENTS.meterName()).counter();
        timer = registry.get(LedgerMeter.RUN_DURATION.meterName()).timer();
        if (counter.count() != 1 || timer.count() != 1 || registry.getMeters().size() > 8) {
            throw new IllegalStateException("the sink has other meters: " + registry.getMeters());
        }
        collected = new Collected();
        telemetry = SinkOf.plugin(OtelPlugin.of(collected.sdk));
        rawTelemetry = new RawTelemetry(collected.sdk);
        Sample one = new Sample().next();
        LedgerEvent same = event(sanitizer, one);
        List<String> byHand = collected.of(() -> rawTelemetry.emit(one, same.eventId(), same.occurredAt()));
        List<String> bySink = collected.of(() -> telemetry.accept(same));
        if (!byHand.equals(bySink) || byHand.size() != 2) {
            throw new IllegalStateException("by hand %s%nby the sink %s".formatted(byHand, bySink));
        }
        rawLog = Logging.withLogstashEncoder("byHand");
        Logging.withLogstashEncoder(Slf4jSink.LOGGER);
        all = WorkflowRunEvents.builder()
                .sink(Slf4jSink.keyValues())
                .sink(meters)
                .sink(telemetry)
                .echo(false)
                .build();
    }

    private static LedgerEvent event(Sanitizer sanitizer, Sample sample) {
        String id = sample.runId() + ":" + sample.seq();
        return LedgerEvent.of(WorkflowRunEvent.SUCCEEDED, id, Instant.now(), sample.fields(), Map.of(), sanitizer);
    }

    /** Sends what is left. */
    @TearDown
    public void close() {
        all.close();
        collected.sdk.close();
    }

    private LedgerEvent next() {
        return made[next++ & (EVENTS - 1)];
    }

    /** Moves the meters of the event, which were looked up beforehand. */
    @Benchmark
    public void metersByHand() {
        counter.increment();
        timer.record(Sample.DURATION_MS, TimeUnit.MILLISECONDS);
    }

    /** Moves them by the sink. */
    @Benchmark
    public void meters() {
        meters.accept(next());
    }

    /** Makes a span and a log event with keys made beforehand. */
    @Benchmark
    public void telemetryByHand() {
        LedgerEvent event = next();
        rawTelemetry.emit(sample.next(), event.eventId(), event.occurredAt());
    }

    /** Makes them by the sink. */
    @Benchmark
    public void telemetry() throws Exception {
        telemetry.accept(next());
    }

    /** Makes the line, the meters, the span and the log event by hand. */
    @Benchmark
    public void allByHand() {
        sample.next();
        RawLog.log(rawLog, sample);
        counter.increment();
        timer.record(Sample.DURATION_MS, TimeUnit.MILLISECONDS);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        rawTelemetry.emit(sample, sample.runId().value() + ":" + sample.seq(), now);
    }

    /** Makes the same through the helper, with the contract check, cleaning, redaction and limits in it. */
    @Benchmark
    public void all() {
        all.log(WorkflowRunEvent.SUCCEEDED, sample.next().fields());
    }
}
