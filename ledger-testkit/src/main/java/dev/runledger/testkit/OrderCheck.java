package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks the state machine along the events of one run. The first event of a run may be any. */
final class OrderCheck {
    private final List<Breach> breaches = new ArrayList<>();
    private final Map<String, TaskState> tasks = new HashMap<>();
    private @Nullable RunState state;
    private @Nullable RecordedEvent before;
    private boolean echoed;
    private long execution;

    private OrderCheck() {}

    static List<Breach> of(History history) {
        OrderCheck check = new OrderCheck();
        for (RecordedEvent recorded : history.events()) {
            if (recorded.event().type() instanceof WorkflowRunEvent type) {
                check.ofRun(type, recorded);
            } else if (recorded.event().type() instanceof TaskRunEvent type) {
                check.ofTask(type, recorded);
            }
        }
        return check.breaches;
    }

    private void ofRun(WorkflowRunEvent type, RecordedEvent recorded) {
        RunCommand command = type.command().orElse(null);
        if (type == WorkflowRunEvent.COMPLETED) {
            ofEcho(recorded);
        } else if (History.isTransition(recorded)) {
            boolean again = before != null
                    && before.event().eventId().equals(recorded.event().eventId());
            if (!again) { // a repeat has a breach of its own
                ofTransition(command, recorded);
                if (type == WorkflowRunEvent.RUNNING) {
                    ofExecution(recorded);
                }
            }
            state = command == null ? RunState.QUEUED : command.enters();
            before = recorded;
        }
    }

    private void ofTransition(@Nullable RunCommand command, RecordedEvent recorded) {
        long seq = recorded.event().number(EventField.SEQ).orElse(0L);
        long seqBefore =
                before == null ? 0 : before.event().number(EventField.SEQ).orElse(0L);
        if (seq > 0 && seqBefore > 0 && seq < seqBefore) {
            breach(recorded, "has seq %s and was emitted after seq %s by the same thread".formatted(seq, seqBefore));
        } else if (seq > 0 && seqBefore > 0 && seq > seqBefore + 1) {
            breach(
                    recorded,
                    "has seq %s and comes after seq %s: what is between was never emitted".formatted(seq, seqBefore));
        } else if (state != null && (command == null || !command.leaves(state))) {
            breach(recorded, "does not follow from " + state);
        }
    }

    /** An application need not number its executions; if it does, each has a higher number than the one before. */
    private void ofExecution(RecordedEvent recorded) {
        long number = recorded.event().number(EventField.EXECUTION).orElse(0L);
        if (number > 0 && number <= execution) {
            breach(recorded, "is execution %s and comes after execution %s".formatted(number, execution));
        }
        execution = number > 0 ? number : execution;
    }

    private void ofEcho(RecordedEvent recorded) {
        if (state != null && !state.isTerminal()) {
            breach(recorded, "echoes no end: the run is " + state);
        } else if (echoed) {
            breach(recorded, "echoes an end that was echoed before");
        }
        echoed = true;
    }

    private void ofTask(TaskRunEvent type, RecordedEvent recorded) {
        TaskState enters = switch (type) {
            case STARTED, RETRYING -> TaskState.RUNNING;
            case SUCCEEDED -> TaskState.SUCCEEDED;
            case FAILED -> TaskState.FAILED;
            case SKIPPED -> TaskState.SKIPPED;
            case PROGRESS -> null;
        };
        TaskState was = tasks.get(recorded.taskId());
        if (enters == null) {
            return;
        }
        boolean first = type == TaskRunEvent.STARTED || type == TaskRunEvent.SKIPPED;
        if (was != null && (first || !was.mayBecome(enters))) {
            breach(recorded, "of task %s does not follow from %s".formatted(recorded.taskId(), was));
        } else if (state != null
                && state.isTerminal()
                && History.seq(recorded) == 0) { // with a seq, a store has decided it
            breach(recorded, "of task %s was emitted after its run was %s".formatted(recorded.taskId(), state));
        }
        tasks.put(recorded.taskId(), enters);
    }

    private void breach(RecordedEvent recorded, String what) {
        breaches.add(new Breach(
                Breach.Kind.ORDER,
                "%s of run %s %s".formatted(recorded.event().eventName(), recorded.runId(), what),
                recorded.line()));
    }
}
