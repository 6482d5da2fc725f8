package dev.runledger.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** The MDC and the current span of an application are the same before and after each call, with OpenTelemetry's strict context on. */
class HostContextTest {
    private static final int CALLS = 10_000;
    private static final int JOBS = 100;

    /** Returns pooled threads, and virtual ones if the JDK has them (21 and later; a test must run on 17). */
    static Stream<ExecutorService> threads() throws ReflectiveOperationException {
        ExecutorService pooled = Executors.newFixedThreadPool(4);
        try {
            Object virtual =
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            return Stream.of(pooled, (ExecutorService) virtual);
        } catch (NoSuchMethodException before21) {
            return Stream.of(pooled);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void theMdcAndTheSpanAreTheHostsBeforeAndAfterEachCall(ExecutorService threads) throws Exception {
        assertThat(ContextStorage.get().getClass().getSimpleName()).startsWith("Strict");
        MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        try (Telemetry telemetry = new Telemetry()) {
            Process host = Process.of(telemetry.sdk, RunStore.inMemory(clock, 100), clock);
            List<Future<Integer>> same = new ArrayList<>();
            for (int job = 0; job < JOBS; job++) {
                int number = job;
                same.add(threads.submit(() -> call(telemetry, host, number)));
            }
            int kept = 0;
            for (Future<Integer> each : same) {
                kept += each.get();
            }
            assertThat(kept).isEqualTo(CALLS);
            assertThat(telemetry.spans("workflow.run")).hasSize(CALLS / 2);
            assertThat(host.otel.openSpans()).isZero();
            assertThat(host.events.counters().sink("OtelSink").failed()).isZero();
            assertThat(host.events.counters().surroundingFailures()).isZero();
            assertThatCode(((AutoCloseable) ContextStorage.get())::close).doesNotThrowAnyException(); // no open scope
        } finally {
            threads.shutdownNow();
        }
    }

    /** Returns after how many calls the thread had what it had before. */
    private static int call(Telemetry telemetry, Process host, int number) {
        MDC.put("runId", "the application's");
        MDC.put("job", Integer.toString(number));
        Map<String, String> mdc = MDC.getCopyOfContextMap();
        Span span = telemetry.sdk.getTracer("host").spanBuilder("job").startSpan();
        int kept = 0;
        try (Scope ignored = span.makeCurrent()) {
            Context before = Context.current();
            for (int i = 0; i < CALLS / JOBS; i++) {
                if (i % 2 == 0) {
                    execute(host);
                } else {
                    host.events.log(
                            WorkflowRunEvent.RUNNING,
                            EventFields.of().runId("r-1").workflowName("review"));
                }
                kept += Context.current() == before && mdc.equals(MDC.getCopyOfContextMap()) ? 1 : 0;
            }
        } finally {
            span.end();
            MDC.clear();
        }
        return kept;
    }

    private static void execute(Process host) {
        RunId id = host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        host.ledger.execute(id, "w", scope -> scope.task("step", task -> RunOutcome.succeeded()));
    }
}
