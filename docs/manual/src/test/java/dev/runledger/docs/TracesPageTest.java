package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.RunScope;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.otel.OtelPlugin;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.store.RunStore;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs the snippets of the page on traces. */
class TracesPageTest {
    private final RunStore store = RunStore.inMemory();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk openTelemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();

    @AfterEach
    void close() {
        openTelemetry.close();
    }

    @Test
    void settingItUp() {
        // snippet
        Ledger ledger = Ledger.builder()
                .store(store)
                .install(OtelPlugin.of(openTelemetry))
                .build();
        // end
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.execute(id, "w", scope -> {
                    assertThat(review(scope)).isEqualTo("review?");
                    return RunOutcome.succeeded();
                })
                .orElseThrow();
        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .containsExactly("agent.prepare", "agent.execute", "workflow.run");
        ledger.close();
    }

    private static String review(RunScope scope) {
        Prompts prompts = WorkflowRun::workflowName;
        Agent agent = prompt -> prompt + "?";
        // snippet
        String answer = scope.task(NewTask.of("review", NewTask.Kind.AGENT), task -> {
            String prompt = task.prepare(preparing -> prompts.of(scope.run()));
            return agent.ask(prompt);
        });
        // end
        return answer;
    }

    private interface Prompts {
        String of(WorkflowRun run);
    }

    private interface Agent {
        String ask(String prompt);
    }

    @Test
    void byTheEnvironment() {
        System.setProperty("otel.traces.exporter", "none");
        System.setProperty("otel.metrics.exporter", "none");
        System.setProperty("otel.logs.exporter", "none");
        // snippet
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
        OtelPlugin plugin = OtelPlugin.of(sdk);
        // end
        Ledger.builder().install(plugin).build().close();
        sdk.close();
    }

    @Test
    void theGuardAgainstDoubledRecords() {
        OpenTelemetry openTelemetry = this.openTelemetry;
        // snippet
        OtelPlugin plugin = OtelPlugin.builder(openTelemetry).logEvents(false).build();
        // end
        WorkflowRunEvents events = WorkflowRunEvents.builder().install(plugin).build();
        assertThat(events.isWanted(TaskRunEvent.PROGRESS)).isFalse();
        events.close();
        // snippet
        Slf4jSink lines = Slf4jSink.builder()
                .legacyFields(event -> Map.of("otel.event.name", event.eventName()))
                .build();
        // end
        assertThat(lines.name()).isEqualTo("Slf4jSink");
    }

    @Test
    void namesForPipelines() {
        // snippet
        OtelPlugin plugin = OtelPlugin.builder(openTelemetry).cicdNames(true).build();
        // end
        Ledger.builder().install(plugin).build().close();
    }
}
