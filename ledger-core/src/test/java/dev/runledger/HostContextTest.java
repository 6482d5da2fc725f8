package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.encoder.JsonEncoder;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.Slf4jSink;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
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

/** The MDC and the current span of a host are the same before and after each event, with OpenTelemetry's strict context on. */
class HostContextTest {
    private static final int EVENTS = 10_000;
    private static final int TASKS = 100;

    /** Pooled threads, and virtual ones where the JDK has them (21 and later; a test must run on 17). */
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
    void theMdcAndTheSpanAreTheHostsBeforeAndAfterEachEvent(ExecutorService threads) throws Exception {
        try (Lines lines = Lines.of("test.context", new JsonEncoder())) {
            List<WorkflowRunEvents> modes = Stream.of(Slf4jSink.Mode.values())
                    .map(mode -> WorkflowRunEvents.builder()
                            .sink(Slf4jSink.builder()
                                    .mode(mode)
                                    .logger("test.context")
                                    .build())
                            .echo(false)
                            .build())
                    .toList();
            List<Future<Integer>> same = new ArrayList<>();
            for (int task = 0; task < TASKS; task++) {
                int number = task;
                same.add(threads.submit(() -> emit(modes.get(number % modes.size()), number)));
            }
            int kept = 0;
            for (Future<Integer> each : same) {
                kept += each.get();
            }
            assertThat(kept).isEqualTo(EVENTS);
            assertThat(lines.all()).hasSize(EVENTS);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Answers after how many events the thread had what it had before. */
    private static int emit(WorkflowRunEvents events, int number) {
        SpanContext context = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault());
        Span span = Span.wrap(context);
        MDC.put("runId", "the host's");
        MDC.put("task", Integer.toString(number));
        Map<String, String> mdc = MDC.getCopyOfContextMap();
        int kept = 0;
        try (Scope ignored = span.makeCurrent()) {
            for (int i = 0; i < EVENTS / TASKS; i++) {
                events.log(
                        WorkflowRunEvent.RUNNING,
                        EventFields.of()
                                .runId("r-1")
                                .workflowName("review")
                                .put(EventField.QUEUE_WAIT_MS, 1)
                                .workerId("w"));
                kept += Span.current() == span && mdc.equals(MDC.getCopyOfContextMap()) ? 1 : 0;
            }
        } finally {
            MDC.clear();
        }
        return kept;
    }
}
