package dev.runledger.micrometer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists every meter of this module, with its tags, unit and meaning. The table in the manual is generated from here.
 *
 * <p>Names and tags follow Micrometer: lower case, dots, base units. A meter always has all of its tags; one whose value is not known is
 * {@code none}. No tag is ever an id, a target, a delivery or a text.
 */
public enum LedgerMeter {
    /** Events of runs. */
    RUN_EVENTS(
            "workflow.run.events",
            Kind.COUNTER,
            null,
            "events of runs that were emitted",
            "workflow",
            "event",
            "channel"),
    /** How long runs took. */
    RUN_DURATION(
            "workflow.run.duration",
            Kind.TIMER,
            "seconds",
            "from the first RUNNING to the end, suspensions taken out, of runs that ran",
            "workflow",
            "outcome",
            "channel"),
    /** How long runs were queued. */
    RUN_QUEUE_WAIT(
            "workflow.run.queue.wait",
            Kind.TIMER,
            "seconds",
            "from dispatch, or from a requeue, to the start",
            "workflow",
            "queue",
            "channel"),
    /** How long runs were suspended. */
    RUN_SUSPENDED(
            "workflow.run.suspended",
            Kind.TIMER,
            "seconds",
            "of each wait, from its beginning to what ended it",
            "workflow",
            "reason.code",
            "channel"),
    /** Refused dispatches. */
    DISPATCH_REFUSED(
            "workflow.dispatch.refused",
            Kind.COUNTER,
            null,
            "dispatches that made no run",
            "workflow",
            "reason.code",
            "channel"),
    /** Started tasks. */
    TASK_STARTED(
            "workflow.task.started",
            Kind.COUNTER,
            null,
            "tasks that started their first attempt",
            "workflow",
            "kind",
            "channel"),
    /** How long attempts of tasks took. */
    TASK_DURATION(
            "workflow.task.duration",
            Kind.TIMER,
            "seconds",
            "of each attempt of a task",
            "workflow",
            "task",
            "kind",
            "outcome",
            "channel"),
    /** Retried tasks. */
    TASK_RETRIES(
            "workflow.task.retries",
            Kind.COUNTER,
            null,
            "further attempts of tasks, and whether the retry policy expected them",
            "workflow",
            "task",
            "expected",
            "channel"),
    /** Failures of adapters. */
    ADAPTER_ERRORS(
            "workflow.adapter.errors",
            Kind.COUNTER,
            null,
            "calls of other systems that failed, and the HTTP status of the answer",
            "adapter",
            "category",
            "status",
            "channel"),
    /** How long tools took. */
    TOOL_EXECUTE(
            "runtime.tool.execute", Kind.TIMER, "seconds", "of each execution of a tool", "tool", "outcome", "channel"),
    /** Failures of tools. */
    TOOL_ERRORS(
            "runtime.tool.errors",
            Kind.COUNTER,
            null,
            "executions of a tool that failed",
            "tool",
            "category",
            "channel"),
    /** Tools that ran out of time. */
    TOOL_TIMEOUTS(
            "runtime.tool.timeouts",
            Kind.COUNTER,
            null,
            "executions of a tool that ran out of time",
            "tool",
            "channel"),
    /** Exit codes of tools. */
    TOOL_EXIT(
            "runtime.tool.exit",
            Kind.COUNTER,
            null,
            "exit codes of a tool; rare ones are `other`",
            "tool",
            "code",
            "channel"),
    /** Output of tools. */
    TOOL_OUTPUT(
            "runtime.tool.output.bytes",
            Kind.SUMMARY,
            "bytes",
            "what an execution of a tool printed",
            "tool",
            "channel"),
    /** Reads of the state of a run that a caller waits for. */
    SYNC_POLLS(
            "workflow.sync.polls",
            Kind.COUNTER,
            null,
            "reads of the state of a run that a caller waited for",
            "workflow",
            "outcome",
            "channel"),
    /** How long callers waited for a run. */
    SYNC_POLL_DURATION(
            "workflow.sync.poll.duration",
            Kind.TIMER,
            "seconds",
            "how long a caller waited for a run",
            "workflow",
            "channel"),

    /** Runs in flight. */
    RUN_ACTIVE("workflow.run.active", Kind.GAUGE, null, "runs in flight, from the store", "workflow", "state"),
    /** Runs that fail. */
    RUN_FAILING(
            "workflow.run.failing",
            Kind.GAUGE,
            null,
            "runs that failed lately with no later success of the same project, workflow and target, from the store",
            "workflow"),
    /** The age of the oldest wait. */
    RUN_SUSPENDED_AGE(
            "workflow.run.suspended.oldest.age",
            Kind.GAUGE,
            "seconds",
            "how long the oldest suspended run has waited, from the store",
            "workflow"),
    /** Queued runs. */
    QUEUE_DEPTH("workflow.queue.depth", Kind.GAUGE, null, "queued runs, from the store", "queue"),
    /** The age of the oldest queued run. */
    QUEUE_AGE(
            "workflow.queue.oldest.age",
            Kind.GAUGE,
            "seconds",
            "how long the oldest queued run has waited, from the store",
            "queue"),

    /** What became of the events, sink by sink. */
    SINK_EVENTS("ledger.sink.events", Kind.COUNTER, null, "what became of the events", "sink", "result"),
    /** What calls came to. */
    CALLS("ledger.calls", Kind.COUNTER, null, "what the calls on the ledger came to", "call", "result"),
    /** Events that break the contract. */
    VIOLATIONS("ledger.contract.violations", Kind.COUNTER, null, "events that went out with `contractViolation`"),
    /** Redacted values. */
    REDACTIONS("ledger.redactions", Kind.COUNTER, null, "values that looked like secrets"),
    /** Events that were not emitted. */
    EVENTS_LOST(
            "ledger.events.lost",
            Kind.COUNTER,
            null,
            "events that reached no sink: `rolled_back` with their transaction, `recursion` of a sink, `build_failure`",
            "reason"),
    /** Names that found no room. */
    NAMES_CAPPED("ledger.meter.names.capped", Kind.COUNTER, null, "times that a name was counted as `other`", "meter"),
    /** How old the gauges' values are. */
    SNAPSHOT_AGE(
            "ledger.snapshot.age",
            Kind.GAUGE,
            "seconds",
            "how long ago the gauges from the store were last read; grows while the store is away"),
    /** Snapshots that failed. */
    SNAPSHOT_FAILURES("ledger.snapshot.failures", Kind.COUNTER, null, "times that the gauges could not be read"),
    /** Processes with operations. */
    INSTANCES("ledger.instances", Kind.GAUGE, null, "processes that run operations and sent heartbeats lately"),
    /** The age of the last sweep. */
    SWEEPER_AGE(
            "ledger.sweeper.age",
            Kind.GAUGE,
            "seconds",
            "how long ago this process swept, or saw that another one does; grows while the store is away"),
    /** Recovered runs. */
    SWEEPER_RUNS(
            "ledger.sweeper.runs",
            Kind.COUNTER,
            null,
            "runs that a recovery changed, by what became of them; `rejected` if they had changed meanwhile",
            "recovery",
            "action"),
    /** Runs that were offered again. */
    SWEEPER_OFFERED(
            "ledger.sweeper.offered", Kind.COUNTER, null, "runs that nobody took, handed to the queue once more"),
    /** Waits that were reported. */
    SWEEPER_OVERDUE("ledger.sweeper.overdue", Kind.COUNTER, null, "waits whose passed deadline was reported"),
    /** Lost processes. */
    SWEEPER_LOST("ledger.sweeper.lost", Kind.COUNTER, null, "processes that were taken for lost"),
    /** What failed in the background. */
    SWEEPER_FAILURES(
            "ledger.sweeper.failures", Kind.COUNTER, null, "passes of the operations, or steps of them, that failed"),
    /** What retention and erasure removed. */
    RETENTION_REMOVED(
            "ledger.retention.removed",
            Kind.COUNTER,
            null,
            "what retention and erasure removed: `runs`, `events`, `payloads`, `refusals`",
            "kind");

    /** Lists the kinds of meters. */
    public enum Kind {
        /** Only grows. */
        COUNTER,
        /** Times, with a histogram of {@link LedgerMeter#buckets()}. */
        TIMER,
        /** Sizes. */
        SUMMARY,
        /** Goes up and down. */
        GAUGE
    }

    private static final List<Duration> BUCKETS = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            Duration.ofSeconds(300));

    private final String meterName;
    private final Kind kind;
    private final @Nullable String unit;
    private final String meaning;
    private final List<String> tags;

    LedgerMeter(String meterName, Kind kind, @Nullable String unit, String meaning, String... tags) {
        this.meterName = meterName;
        this.kind = kind;
        this.unit = unit;
        this.meaning = meaning;
        this.tags = List.of(tags);
    }

    /** Returns the name of the meter as Micrometer has it. */
    public String meterName() {
        return meterName;
    }

    /** Returns the kind of the meter. */
    public Kind kind() {
        return kind;
    }

    /** Returns the base unit, or empty for plain numbers. */
    public Optional<String> unit() {
        return Optional.ofNullable(unit);
    }

    /** Returns what the meter says, in half a sentence. */
    public String meaning() {
        return meaning;
    }

    /** Returns the keys of its tags, all of which every series has. */
    public List<String> tags() {
        return tags;
    }

    /** Returns the bounds of the buckets of a timer: 0.1 0.5 1 2.5 5 10 30 60 120 300 seconds; empty for other meters. */
    public List<Duration> buckets() {
        return kind == Kind.TIMER ? BUCKETS : List.of();
    }
}
