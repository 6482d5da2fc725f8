package dev.runledger.micrometer;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.micrometer.WorkflowMeters.ByCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;

/** The meters of what tasks use: tools that are executed, and adapters through which other systems are called. */
final class InstrumentMeters {
    private final Capped<Tool> tools;
    private final Capped<ByCode<Counter>> adapters;

    InstrumentMeters(Meters meters, Capped.Room toolNames, Capped.Room adapterNames) {
        this.tools = new Capped<>(toolNames, name -> new Tool(meters, name));
        this.adapters = new Capped<>(
                adapterNames,
                name -> new ByCode<>(category -> meters.counter(LedgerMeter.ADAPTER_ERRORS, name, category)));
    }

    void task(TaskRunEvent type, LedgerEvent event) {
        if (type != TaskRunEvent.SUCCEEDED && type != TaskRunEvent.FAILED) {
            return;
        }
        boolean failed = type == TaskRunEvent.FAILED;
        String kind = event.text(EventField.TASK_KIND).orElse("");
        if (kind.equals("tool")) {
            tools.get(WorkflowMeters.code(event, EventField.INSTRUMENT)).ended(event, failed);
        } else if (failed && kind.equals("adapter")) {
            adapters.get(WorkflowMeters.code(event, EventField.INSTRUMENT))
                    .of(WorkflowMeters.code(event, EventField.ERROR_CATEGORY))
                    .increment();
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
            Optional<Long> code = event.number(EventField.EXIT_CODE);
            if (code.isPresent()) {
                exits.of(exit(code.get())).increment();
            }
            Optional<Long> bytes = event.number(EventField.OUTPUT_BYTES);
            if (bytes.isPresent()) {
                output.record(bytes.get());
            }
        }

        /** Returns the codes that shells and operating systems give a meaning: 0 to 2, not executable, not found, and four signals. */
        private static String exit(long code) {
            if (code >= 0 && code <= 2) {
                return code == 0 ? "0" : code == 1 ? "1" : "2";
            }
            if (code == 126) {
                return "126";
            }
            if (code == 127) {
                return "127";
            }
            if (code == 130) {
                return "130";
            }
            if (code == 134) {
                return "134";
            }
            if (code == 137) {
                return "137";
            }
            return code == 143 ? "143" : Capped.OTHER;
        }
    }
}
