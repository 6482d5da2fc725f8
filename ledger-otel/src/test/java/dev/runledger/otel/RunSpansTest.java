package dev.runledger.otel;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunSpansTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final MutableClock clock = MutableClock.at(NOON);
    private final RunStore store = RunStore.inMemory(clock, 10_000);
    private final Telemetry telemetry = new Telemetry();
    private final Process web = Process.of(telemetry.sdk, store, clock);

    /** Another process: it shares the store with the first, and nothing else. */
    private final Process worker = Process.of(telemetry.sdk, store, clock);

    private Span request = Span.getInvalid();

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void theTraceOfTheDispatchGoesOnInTheWorker() {
        RunId id = dispatched(NewRun.of("review").target("acme/app#42"));
        worker.ledger.execute(id, "worker-1", scope -> {
            assertThat(Span.current().getSpanContext().getTraceId())
                    .isEqualTo(request.getSpanContext().getTraceId());
            return RunOutcome.succeeded();
        });

        SpanData segment = telemetry.span("workflow.run");
        assertThat(segment.getTraceId()).isEqualTo(request.getSpanContext().getTraceId());
        assertThat(segment.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
        assertThat(segment.getParentSpanContext().isRemote()).isTrue();
        assertThat(segment.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(segment.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(text(segment, "ledger.run_id")).isEqualTo(id.value());
        assertThat(text(segment, "ledger.workflow_name")).isEqualTo("review");
        assertThat(text(segment, "ledger.target")).isEqualTo("acme/app#42");
        assertThat(text(segment, "ledger.outcome")).isEqualTo("succeeded");
        assertThat(text(segment, "ledger.run_extent")).isEqualTo("segment");
        assertThat(segment.getLinks()).isEmpty();
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void whatIsStoredIsW3cAndShort() {
        RunId id = dispatched(NewRun.of("review"));

        SpanContext context = request.getSpanContext();
        assertThat(store.history().run(id).orElseThrow().request().context())
                .isEqualTo(Map.of(
                        "traceparent",
                        "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                                + context.getTraceFlags().asHex()));
    }

    @Test
    void aRunThatWasDispatchedOutsideAnyTraceBeginsOne() {
        RunId id = web.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        worker.ledger.execute(id, "w", scope -> RunOutcome.succeeded());

        assertThat(telemetry.span("workflow.run").getParentSpanContext().isValid())
                .isFalse();
    }

    @Test
    void theParentOfASegmentIsTheDispatchAndNotAnotherSpanOfItsTrace() {
        request = telemetry.inside("request", () -> {
            RunId id = web.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            telemetry.inside("consume", () -> web.ledger.execute(id, "w", scope -> RunOutcome.succeeded()));
        });

        assertThat(telemetry.span("workflow.run").getParentSpanId())
                .isEqualTo(request.getSpanContext().getSpanId());
    }

    @Test
    void theSpanInWhichTheWorkerTookTheRunIsLinked() {
        RunId id = dispatched(NewRun.of("review"));
        Span listener =
                telemetry.inside("consume", () -> worker.ledger.execute(id, "w", scope -> RunOutcome.succeeded()));
        SpanData run = telemetry.span("workflow.run");
        assertThat(run.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
        assertThat(links(run))
                .isEqualTo(Map.of("consumer", listener.getSpanContext().getSpanId()));
    }

    @Test
    void theCarrierAloneBringsTheTraceToWhateverElseSurroundsTheRun() {
        RunId id = dispatched(NewRun.of("review"));
        Ledger carried = Ledger.builder()
                .store(store)
                .sink(new RecordingSink())
                .carrier(Parts.of(OtelPlugin.of(telemetry.sdk)).carrier())
                .build();
        carried.execute(id, "w", scope -> {
            SpanContext inRun = Span.current().getSpanContext();
            scope.task("step", task -> {
                assertThat(Span.current().getSpanContext()).isEqualTo(inRun);
                return "done";
            });
            assertThat(inRun.getSpanId()).isEqualTo(request.getSpanContext().getSpanId());
            return RunOutcome.succeeded();
        });

        assertThat(Span.current().getSpanContext().isValid()).isFalse();
        assertThat(telemetry.spans("workflow.run")).isEmpty();
    }

    @Test
    void eachSegmentIsASpanThatLinksTheOneBeforeAndWhoeverResumed() {
        RunId id = dispatched(NewRun.of("review"));
        worker.ledger.execute(id, "w", scope -> RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)));
        SpanData first = telemetry.span("workflow.run");
        assertThat(text(first, "ledger.outcome")).isEqualTo("suspended");
        Span approver = telemetry.inside("approve", () -> web.ledger.resume(id, Resumption.of("approved", "jane")));
        web.ledger.execute(id, "w", scope -> RunOutcome.incomplete("red"));

        SpanData second = telemetry.spans("workflow.run").get(1);
        assertThat(second.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
        assertThat(text(second, "ledger.outcome")).isEqualTo("incomplete");
        assertThat(links(second))
                .isEqualTo(Map.of(
                        "segment_before",
                        first.getSpanId(),
                        "resume",
                        approver.getSpanContext().getSpanId()));
    }

    @Test
    void aChildLinksTheSegmentThatHandedItsWorkOff() {
        RunId parent = dispatched(NewRun.of("review"));
        worker.ledger.execute(parent, "w", scope -> RunOutcome.handedOff(NewRun.of("fix")));
        SpanData handedOff = telemetry.span("workflow.run");
        String child = text(handedOff, "ledger.child_run_id");
        worker.ledger.execute(RunId.of(child), "w", scope -> RunOutcome.succeeded());
        clock.advance(Duration.ofSeconds(3));
        web.ledger.succeed(parent);

        SpanData ofChild = telemetry.spans("workflow.run").get(1);
        assertThat(text(handedOff, "ledger.outcome")).isEqualTo("handed_off");
        assertThat(ofChild.getParentSpanId()).isEqualTo(handedOff.getSpanId());
        assertThat(links(ofChild)).isEqualTo(Map.of("parent_run", handedOff.getSpanId()));
        assertThat(text(ofChild, "ledger.parent_run_id")).isEqualTo(parent.value());
        SpanData whole = telemetry.spans("workflow.run").get(2);
        assertThat(text(whole, "ledger.run_extent")).isEqualTo("run");
        assertThat(text(whole, "ledger.outcome")).isEqualTo("succeeded");
    }

    @Test
    void aSegmentOfAChildLinksItsParentAndItsOwnSegmentBefore() {
        RunId parent = dispatched(NewRun.of("review"));
        worker.ledger.execute(parent, "w", scope -> RunOutcome.handedOff(NewRun.of("fix")));
        SpanData handedOff = telemetry.span("workflow.run");
        RunId child = RunId.of(text(handedOff, "ledger.child_run_id"));
        worker.ledger.execute(child, "w", scope -> RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)));
        SpanData before = telemetry.spans("workflow.run").get(1);
        worker.ledger.resume(child, Resumption.of("approved", "jane"));
        web.ledger.execute(child, "w", scope -> RunOutcome.succeeded());

        SpanData after = telemetry.spans("workflow.run").get(2);
        assertThat(links(after))
                .isEqualTo(Map.of("parent_run", handedOff.getSpanId(), "segment_before", before.getSpanId()));
        assertThat(after.getTraceId()).isEqualTo(request.getSpanContext().getTraceId());
    }

    @Test
    void aRunThatIsCancelledWhileItWaitsHasASpanThatLinksItsSegment() {
        RunId id = dispatched(NewRun.of("review"));
        worker.ledger.execute(id, "w", scope -> RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)));
        SpanData segment = telemetry.span("workflow.run");
        clock.advance(Duration.ofSeconds(9));
        web.ledger.cancel(id, "enough");

        SpanData whole = telemetry.spans("workflow.run").get(1);
        assertThat(text(whole, "ledger.run_extent")).isEqualTo("run");
        assertThat(text(whole, "ledger.outcome")).isEqualTo("cancelled");
        assertThat(whole.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
        assertThat(links(whole)).isEqualTo(Map.of("segment_before", segment.getSpanId()));
    }

    @Test
    void aRunThatWasNeverExecutedHasOneSpanOfItsStoredTimes() {
        RunId id = dispatched(NewRun.of("import"));
        clock.advance(Duration.ofSeconds(2));
        web.ledger.start(id, "w");
        clock.advance(Duration.ofSeconds(5));
        worker.ledger.fail(id, Failure.of("disk full"));

        SpanData whole = telemetry.span("workflow.run");
        assertThat(whole.getStartEpochNanos()).isEqualTo(nanos(NOON.plusSeconds(2)));
        assertThat(whole.getEndEpochNanos()).isEqualTo(nanos(NOON.plusSeconds(7)));
        assertThat(whole.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
        assertThat(text(whole, "ledger.run_extent")).isEqualTo("run");
        assertThat(text(whole, "ledger.outcome")).isEqualTo("failed");
        assertThat(text(whole, "error.type")).isEqualTo("_OTHER");
        assertThat(text(whole, "ledger.error_category")).isEqualTo("unknown");
        assertThat(whole.getAttributes().get(longKey("ledger.duration_ms"))).isEqualTo(5_000);
        assertThat(whole.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(whole.getStatus().getDescription()).isEqualTo("disk full");
    }

    @Test
    void aRunThatNeverRanBeginsWithItsDispatch() {
        RunId id = dispatched(NewRun.of("import"));
        clock.advance(Duration.ofSeconds(2));
        web.ledger.enqueueFailed(id, new IllegalStateException("queue is full"));

        SpanData whole = telemetry.span("workflow.run");
        assertThat(whole.getEndEpochNanos() - whole.getStartEpochNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(text(whole, "error.type")).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void anApplicationWithItsOwnTablesHasSpansFromWhatItEmits() {
        request = telemetry.inside(
                "request",
                () -> web.events.log(
                        WorkflowRunEvent.SUCCEEDED,
                        EventFields.of().runId("r-1").workflowName("review").duration(Duration.ofSeconds(4))));

        SpanData whole = telemetry.span("workflow.run");
        assertThat(whole.getEndEpochNanos() - whole.getStartEpochNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(4));
        assertThat(whole.getEndEpochNanos()).isEqualTo(nanos(NOON));
        assertThat(whole.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    }

    @Test
    void aRunThatIsCancelledElsewhereStillHasItsOutcomeOnASpan() {
        RunId id = dispatched(NewRun.of("review"));
        worker.ledger.execute(id, "w", scope -> {
            clock.advance(Duration.ofSeconds(9));
            web.ledger.cancel(id, "enough");
            return RunOutcome.succeeded();
        });

        assertThat(telemetry.spans("workflow.run"))
                .extracting(each -> text(each, "ledger.run_extent") + " " + text(each, "ledger.outcome"))
                .containsExactly("run cancelled", "segment lost");
        assertThat(worker.otel.openSpans()).isZero();
    }

    @Test
    void aRunThatIsCancelledInTheSameProcessEndsItsSegmentAtOnce() throws Exception {
        RunId id = dispatched(NewRun.of("review"));
        worker.ledger.execute(id, "w", scope -> {
            Thread operator = new Thread(() -> worker.ledger.cancel(id, "enough"));
            operator.start();
            operator.join();
            assertThat(text(telemetry.span("workflow.run"), "ledger.outcome")).isEqualTo("cancelled");
            assertThat(worker.otel.openSpans()).isZero(); // whether this handler ever ends or not
            return RunOutcome.succeeded();
        });

        assertThat(text(telemetry.span("workflow.run"), "ledger.run_extent")).isEqualTo("segment");
    }

    @Test
    void whatAHandlerThrowsIsTheErrorOfItsSegment() {
        RunId id = dispatched(NewRun.of("review"));
        assertThatThrownBy(() -> worker.ledger.execute(id, "w", scope -> {
                    throw new java.net.ConnectException("refused");
                }))
                .isInstanceOf(java.net.ConnectException.class);

        SpanData segment = telemetry.span("workflow.run");
        assertThat(segment.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(text(segment, "error.type")).isEqualTo("java.net.ConnectException");
        assertThat(text(segment, "ledger.error_category")).isEqualTo("connectivity");
        assertThat(text(segment, "exception.message")).isNull(); // the log event has it
    }

    @Test
    void ofRunsThatAreOverNothingIsKept() {
        for (int i = 0; i < 2_000; i++) {
            RunId id = web.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            boolean fails = i % 2 == 0;
            worker.ledger.execute(id, "w", scope -> {
                assertThat(worker.otel.openSpans()).isEqualTo(1);
                return scope.task("step", task -> fails ? RunOutcome.failed("no") : RunOutcome.succeeded());
            });
        }

        assertThat(worker.otel.openSpans()).isZero();
        assertThat(web.otel.openSpans()).isZero();
        assertThat(telemetry.spans("workflow.run")).hasSize(2_000);
    }

    @Test
    void aTraceThatCannotBeReadIsNoTrace() {
        NewRun odd = NewRun.of("review").context(Map.of("traceparent", "00-nonsense", "tracestate", "\u0000"));
        RunId id = web.ledger.dispatch(odd).orElseThrow().id();
        worker.ledger.execute(id, "w", scope -> RunOutcome.succeeded());

        assertThat(telemetry.span("workflow.run").getParentSpanContext().isValid())
                .isFalse();
        assertThat(worker.events.counters().surroundingFailures()).isZero();
    }

    @Test
    void aSegmentAfterTwoWaitsLinksTheLatest() {
        RunId id = dispatched(NewRun.of("review"));
        for (int i = 0; i < 2; i++) {
            worker.ledger.execute(id, "w", scope -> RunOutcome.suspended(Wait.of(Wait.Code.WAIT)));
            worker.ledger.resume(id, Resumption.of());
        }
        worker.ledger.execute(id, "w", scope -> RunOutcome.succeeded());

        WorkflowRun run = store.history().run(id).orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(links(telemetry.spans("workflow.run").get(2)))
                .isEqualTo(Map.of(
                        "segment_before", telemetry.spans("workflow.run").get(1).getSpanId()));
    }

    private RunId dispatched(NewRun run) {
        RunId[] id = new RunId[1];
        request = telemetry.inside(
                "request", () -> id[0] = web.ledger.dispatch(run).orElseThrow().id());
        return id[0];
    }

    static String text(SpanData span, String name) {
        return span.getAttributes().get(stringKey(name));
    }

    static Map<String, String> links(SpanData span) {
        return span.getLinks().stream()
                .collect(Collectors.toMap(
                        link -> link.getAttributes().get(stringKey("ledger.link")),
                        (LinkData link) -> link.getSpanContext().getSpanId()));
    }

    private static long nanos(Instant at) {
        return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    }
}
