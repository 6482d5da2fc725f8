package dev.runledger.micrometer;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two names for the last place of a meter: one of them gets a series, and the other is counted as {@code other}. */
@JCStressTest
@State
@Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "Two series have both events, and one name found no place.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class NameAgainstName {
    private static final LedgerEvent ONE = event("one");
    private static final LedgerEvent OTHER = event("other-one");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerSink sink =
            MicrometerSink.builder(registry).mostNames(1).build();

    private static LedgerEvent event(String workflow) {
        EventFields fields = EventFields.of().runId("run-1").workflowName(workflow);
        Sanitizer sanitizer = Sanitizer.of(Redactor.standard(), Limits.standard());
        return LedgerEvent.of(WorkflowRunEvent.QUEUED, "run-1:1", Instant.EPOCH, fields, Map.of(), sanitizer);
    }

    @Actor
    public void countOne() {
        sink.accept(ONE);
    }

    @Actor
    public void countOther() {
        sink.accept(OTHER);
    }

    @Arbiter
    public void read(III_Result result) {
        Collection<Counter> series =
                registry.get(LedgerMeter.RUN_EVENTS.meterName()).counters();
        result.r1 = series.size();
        result.r2 = (int) series.stream().mapToDouble(Counter::count).sum();
        result.r3 = (int) registry.get(LedgerMeter.NAMES_CAPPED.meterName())
                .tag("meter", LedgerMeter.RUN_EVENTS.meterName())
                .counter()
                .count();
    }
}
