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

/** Walks the state machine along the events of one run. What a test sees first of a run is taken as it is. */
final class OrderCheck {
    private final List<Breach> breaches = new ArrayList<>();
    private final Map<String, TaskState> tasks = new HashMap<>();
    private @Nullable RunState state;
    private @Nullable Told before;
    private boolean echoed;

    private OrderCheck() {}

    static List<Breach> of(History history) {
        OrderCheck check = new OrderCheck();
        for (Told told : history.events()) {
            if (told.event().type() instanceof WorkflowRunEvent type) {
                check.ofRun(type, told);
            } else if (told.event().type() instanceof TaskRunEvent type) {
                check.ofTask(type, told);
            }
        }
        return check.breaches;
    }

    private void ofRun(WorkflowRunEvent type, Told told) {
        RunCommand command = type.command().orElse(null);
        RunState enters = command == null ? null : command.enters().orElse(null);
        if (type == WorkflowRunEvent.COMPLETED) {
            ofEcho(told);
        } else if (command != null && enters != null) {
            boolean again = before != null
                    && before.event().eventId().equals(told.event().eventId());
            if (!again) { // a repeat has a breach of its own
                ofTransition(command, told);
            }
            state = enters;
            before = told;
        }
    }

    private void ofTransition(RunCommand command, Told told) {
        long seq = told.event().number(EventField.SEQ).orElse(0L);
        long seqBefore =
                before == null ? 0 : before.event().number(EventField.SEQ).orElse(0L);
        if (seq > 0 && seqBefore > 0 && seq < seqBefore) {
            breach(told, "has seq %d and was told after seq %d by the same thread".formatted(seq, seqBefore));
        } else if (seq > 0 && seqBefore > 0 && seq > seqBefore + 1) {
            breach(told, "has seq %d and comes after seq %d: what is between was never told".formatted(seq, seqBefore));
        } else if (state != null && !command.leaves(state)) {
            breach(told, "does not follow from " + state);
        }
    }

    private void ofEcho(Told told) {
        if (state != null && !state.isTerminal()) {
            breach(told, "echoes no end: the run is " + state);
        } else if (echoed) {
            breach(told, "echoes an end that was echoed before");
        }
        echoed = true;
    }

    private void ofTask(TaskRunEvent type, Told told) {
        TaskState enters = switch (type) {
            case STARTED, RETRYING -> TaskState.RUNNING;
            case SUCCEEDED -> TaskState.SUCCEEDED;
            case FAILED -> TaskState.FAILED;
            case SKIPPED -> TaskState.SKIPPED;
            case PROGRESS -> null;
        };
        TaskState was = tasks.get(told.taskId());
        if (enters == null) {
            return;
        }
        boolean first = type == TaskRunEvent.STARTED || type == TaskRunEvent.SKIPPED;
        if (was != null && (first || !was.mayBecome(enters))) {
            breach(told, "of task %s does not follow from %s".formatted(told.taskId(), was));
        } else if (state != null
                && state.isTerminal()
                && History.seq(told) == 0) { // with a seq, a store has decided it
            breach(told, "of task %s was told after its run was %s".formatted(told.taskId(), state));
        }
        tasks.put(told.taskId(), enters);
    }

    private void breach(Told told, String what) {
        breaches.add(new Breach(
                Breach.Kind.ORDER,
                "%s of run %s %s".formatted(told.event().eventName(), told.runId(), what),
                told.line()));
    }
}
