package dev.runledger.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A gauge that is registered while the meters are removed: the registry keeps none. */
@JCStressTest
@State
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The registry is empty.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class GaugeAgainstRemove {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final StateMeters meters = new StateMeters(registry, Tags.empty());

    @Actor
    public void register() {
        meters.gauge(LedgerMeter.SNAPSHOT_AGE, () -> 1);
    }

    @Actor
    public void remove() {
        meters.remove();
    }

    @Arbiter
    public void count(I_Result result) {
        result.r1 = registry.getMeters().size();
    }
}
