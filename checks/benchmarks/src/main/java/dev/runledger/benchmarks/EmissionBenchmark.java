package dev.runledger.benchmarks;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.slf4j.Logger;

/** One event of sixteen fields, emitted in each way; and a whole run in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EmissionBenchmark {
    private static final String RUN = "0190a3b1-6a2f-7c3d-8e4f-0123456789ab";

    private final Sample sample = new Sample();
    private Logger byHand;
    private Logger messages;
    private String finished;
    private WorkflowRunEvents keyValues;
    private WorkflowRunEvents json;
    private WorkflowRunEvents nobody;
    private Ledger ledger;

    /** Makes every variant, so that each fork is alike. */
    @Setup
    public void open() {
        byHand = Logging.withLogstashEncoder("byHand");
        Logging.withLogstashEncoder(Slf4jSink.LOGGER);
        Logging.withMessageAlone(Slf4jSink.JSON_LOGGER);
        messages = Logging.withMessageAlone("finished");
        keyValues = events(Slf4jSink.keyValues());
        json = events(Slf4jSink.jsonMessage());
        nobody = events(new Deaf());
        ledger = Ledger.builder().sink(new Deaf()).build();
        StringBuilder line = new StringBuilder("{\"severity\":\"INFO\",\"event\":\"workflow.run.succeeded\",");
        line.append("\"eventId\":\"").append(RUN).append(":5\",\"schemaVersion\":1,");
        line.append("\"occurredAt\":\"2026-03-01T12:00:00.000000Z\",\"runId\":\"")
                .append(RUN);
        line.append("\",\"seq\":5,\"workflowName\":\"review\",\"target\":\"acme/app#42\",\"project\":\"acme/app\",");
        line.append("\"channel\":\"live\",\"trigger\":\"issue_comment.created\",");
        line.append("\"deliveryId\":\"5f0c2f2e-0b7e-11ef-8a3d-9d1f7c1f2a3b\",\"taskQueue\":\"webhooks\",");
        finished = line.append("\"durationMs\":1500,\"queueWaitMs\":20,\"suspendedMs\":0}")
                .toString();
    }

    private static WorkflowRunEvents events(EventSink sink) {
        return WorkflowRunEvents.builder().sink(sink).echo(false).build();
    }

    /** Logs what a user would write: the same fields through SLF4J's fluent API. */
    @Benchmark
    public void keyValuesByHand() {
        RawLog.log(byHand, sample.next());
    }

    /** Emits the same as key-values through the helper. */
    @Benchmark
    public void keyValues() {
        keyValues.log(WorkflowRunEvent.SUCCEEDED, sample.next().fields());
    }

    /** Emits the same as a JSON message through the helper. */
    @Benchmark
    public void jsonMessage() {
        json.log(WorkflowRunEvent.SUCCEEDED, sample.next().fields());
    }

    /** Logs the finished line of JSON: the least that any JSON message can cost. */
    @Benchmark
    public void finishedString() {
        messages.info(finished);
    }

    /** Emits the same if no sink wants it. */
    @Benchmark
    public void nobodyListening() {
        nobody.log(WorkflowRunEvent.SUCCEEDED, sample.next().fields());
    }

    /** Lives a whole run in memory whose events no sink wants: dispatch, start, succeed. */
    @Benchmark
    public Transition wholeRun() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        Transition unused = ledger.start(id, "worker-1");
        return ledger.succeed(id);
    }
}
