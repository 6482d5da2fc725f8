package dev.runledger.micrometer;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.micrometer.WorkflowMeters.ByCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.Set;

/** The meters of what tasks use: tools that are executed, and adapters that call other systems. Thread-safe. */
final class InstrumentMeters {
    /** Success, two kinds of failure, not executable, not found, and the signals INT, ABRT, KILL and TERM. */
    private static final Set<Long> WELL_KNOWN_EXITS = Set.of(0L, 1L, 2L, 126L, 127L, 130L, 134L, 137L, 143L);

    /** The ones that say what to do: the request, the permission, the limit, or the other side. */
    private static final Set<Long> WELL_KNOWN_STATUSES =
            Set.of(400L, 401L, 403L, 404L, 407L, 408L, 409L, 410L, 413L, 422L, 429L, 500L, 502L, 503L, 504L);

    private final Capped<Tool> tools;
    private final Capped<Adapter> adapters;

    InstrumentMeters(Meters meters, Capped.Room toolNames, Capped.Room adapterNames) {
        this.tools = new Capped<>(toolNames, name -> new Tool(meters, name));
        this.adapters = new Capped<>(adapterNames, name -> new Adapter(meters, name));
    }

    /** Counts the end of an attempt of a task. */
    void task(TaskRunEvent type, LedgerEvent event) {
        if (type != TaskRunEvent.SUCCEEDED && type != TaskRunEvent.FAILED) {
            return;
        }
        boolean failed = type == TaskRunEvent.FAILED;
        String kind = WorkflowMeters.code(event, EventField.TASK_KIND);
        if ("tool".equals(kind)) {
            tools.get(WorkflowMeters.code(event, EventField.INSTRUMENT)).ended(event, failed);
        } else if (failed && "adapter".equals(kind)) {
            adapters.get(WorkflowMeters.code(event, EventField.INSTRUMENT)).failed(event);
        }
    }

    /** The meters of one adapter. */
    private static final class Adapter {
        private final ByCode<ByCode<Counter>> errors;

        Adapter(Meters meters, String adapter) {
            this.errors = new ByCode<>(category ->
                    new ByCode<>(status -> meters.counter(LedgerMeter.ADAPTER_ERRORS, adapter, category, status)));
        }

        void failed(LedgerEvent event) {
            errors.of(WorkflowMeters.code(event, EventField.ERROR_CATEGORY))
                    .of(event.number(EventField.STATUS_CODE)
                            .map(Adapter::status)
                            .orElse("none"))
                    .increment();
        }

        /** Returns the tag of an HTTP status: its code where operators ask for it, else its class. */
        private static String status(long code) {
            return WELL_KNOWN_STATUSES.contains(code) ? Long.toString(code) : code / 100 + "xx";
        }
    }

    /** The meters of one tool. */
    private static final class Tool {
        private final ByCode<Timer> executions;
        private final ByCode<Counter> errors;
        private final ByCode<Counter> exits;
        private final Counter timeouts;
        private final DistributionSummary output;

        Tool(Meters meters, String tool) {
            this.executions = new ByCode<>(outcome -> meters.timer(LedgerMeter.TOOL_EXECUTE, tool, outcome));
            this.errors = new ByCode<>(category -> meters.counter(LedgerMeter.TOOL_ERRORS, tool, category));
            this.exits = new ByCode<>(code -> meters.counter(LedgerMeter.TOOL_EXIT, tool, code));
            this.timeouts = meters.counter(LedgerMeter.TOOL_TIMEOUTS, tool);
            this.output = meters.summary(LedgerMeter.TOOL_OUTPUT, tool);
        }

        /** Counts an execution that ended. */
        void ended(LedgerEvent event, boolean failed) {
            boolean timedOut = WorkflowMeters.isTrue(event, EventField.TIMED_OUT);
            String outcome = timedOut ? "timeout" : failed ? "failed" : "succeeded";
            WorkflowMeters.record(executions.of(outcome), event, EventField.DURATION_MS);
            if (failed) {
                errors.of(WorkflowMeters.code(event, EventField.ERROR_CATEGORY)).increment();
            }
            if (timedOut) {
                timeouts.increment();
            }
            event.number(EventField.EXIT_CODE)
                    .ifPresent(code -> exits.of(exit(code)).increment());
            event.number(EventField.OUTPUT_BYTES).ifPresent(output::record);
        }

        /** Returns the tag of an exit code. */
        private static String exit(long code) {
            return WELL_KNOWN_EXITS.contains(code) ? Long.toString(code) : Capped.OTHER;
        }
    }
}
