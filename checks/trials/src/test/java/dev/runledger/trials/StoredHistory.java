package dev.runledger.trials;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.TaskChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a database keeps of runs whose ids have a prefix, read by plain SQL in one snapshot and checked by the state machine: the
 * events of every run and task replay without a gap or an illegal step, and end in what the row says.
 */
final class StoredHistory {
    private final StoredRows rows;
    private final Map<String, String> states = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    StoredHistory(StoredRows rows) {
        this.rows = rows;
        rows.runs().forEach(this::replayRun);
        rows.tasks().forEach(this::replayTask);
        for (String subject : rows.events().keySet()) {
            if (!rows.runs().containsKey(subject) && !rows.tasks().containsKey(subject)) {
                faults.add("events of " + subject + ", which has no row");
            }
        }
    }

    private void replayRun(String id, StoredRows.Subject run) {
        RunState state = null;
        long seq = 0;
        String latest = "";
        for (StoredRows.Event event : rows.of(id)) {
            seq++;
            WorkflowRunEvent type = event(WorkflowRunEvent.class, event);
            boolean queues = type == WorkflowRunEvent.QUEUED;
            Optional<RunCommand> command = type == null ? Optional.empty() : type.command();
            RunState before = state;
            boolean follows = before == null
                    ? queues
                    : command.filter(each -> each.leaves(before)).isPresent();
            boolean legal = event.seq() == seq && follows;
            if (!legal) {
                faults.add("run %s, %s: %s at %d".formatted(id, state, event.name(), event.seq()));
                return;
            }
            if (type == WorkflowRunEvent.HANDED_OFF && !rows.runs().containsKey(event.child())) {
                faults.add("run %s: its child %s has no row".formatted(id, event.child()));
            }
            state = command.map(RunCommand::enters).orElse(RunState.QUEUED);
            latest = event.name();
            states.put(id + ":" + seq, state.name());
        }
        if (seq != run.seq()
                || !run.state().equals(String.valueOf(state))
                || !run.detail().equals(latest)) {
            faults.add("run %s ends at %d in %s by %s, its row says %s".formatted(id, seq, state, latest, run));
        }
    }

    private void replayTask(String id, StoredRows.Subject task) {
        TaskState state = null;
        long seq = 0;
        int attempts = 0;
        for (StoredRows.Event event : rows.of(id)) {
            seq++;
            TaskRunEvent type = event(TaskRunEvent.class, event);
            Optional<TaskChange.Kind> kind = Arrays.stream(TaskChange.Kind.values())
                    .filter(each -> each.event() == type)
                    .findFirst();
            TaskState next = kind.map(TaskChange.Kind::enters).orElse(null);
            boolean legal = event.seq() == seq
                    && next != null
                    && (state == null ? kind.get().isBegin() : state.mayBecome(next))
                    && rows.runs().containsKey(String.valueOf(event.runId()));
            if (!legal) {
                faults.add("task %s, %s: %s at %d".formatted(id, state, event.name(), event.seq()));
                return;
            }
            attempts += next == TaskState.RUNNING ? 1 : 0;
            state = next;
            states.put(id + ":" + seq, state.name());
        }
        boolean same = seq == task.seq()
                && task.state().equals(String.valueOf(state))
                && task.detail().equals(Integer.toString(attempts));
        if (!same) {
            faults.add("task %s ends at %d in %s after %d attempts, its row says %s"
                    .formatted(id, seq, state, attempts, task));
        }
    }

    private static <E extends EventType> E event(Class<E> vocabulary, StoredRows.Event event) {
        return EventType.ofName(event.name())
                .filter(vocabulary::isInstance)
                .map(vocabulary::cast)
                .orElse(null);
    }

    /** Reads every run through the library too, and notes what differs from the rows. */
    StoredHistory comparedTo(RunHistory history) {
        Map<String, List<String>> tasks = new HashMap<>();
        rows.tasks()
                .forEach((id, task) -> tasks.computeIfAbsent(task.runId(), run -> new ArrayList<>())
                        .add(id));
        rows.runs().forEach((id, run) -> {
            WorkflowRun read = history.run(RunId.of(id)).orElse(null);
            if (read == null || read.seq() != run.seq() || !read.state().name().equals(run.state())) {
                faults.add("run %s reads as %s, its row says %s".formatted(id, read, run));
            }
            List<LedgerEvent> events = history.events(RunId.of(id));
            long stored = rows.of(id).size();
            for (String task : tasks.getOrDefault(id, List.of())) {
                stored += rows.of(task).size();
            }
            boolean known = events.stream()
                    .allMatch(event -> states.containsKey(event.eventId())
                            && !event.fields().containsKey("unreadable"));
            if (!known || events.stream().map(LedgerEvent::eventId).distinct().count() != stored) {
                faults.add("run %s has %d events and reads as %s".formatted(id, stored, events));
            }
            int execution = read == null ? 0 : read.execution();
            history.tasks(RunId.of(id)).forEach(task -> compare(task, run, execution));
        });
        return this;
    }

    private void compare(TaskRun task, StoredRows.Subject run, int execution) {
        StoredRows.Subject row = rows.tasks().get(task.id().value());
        boolean over = RunState.valueOf(run.state()).isTerminal() || task.execution() < execution;
        boolean left = row.state().equals("RUNNING") && over;
        String expected = left ? "ABANDONED" : row.state();
        if (!task.state().name().equals(expected) || task.seq() != row.seq()) {
            faults.add("task %s reads as %s, its row says %s".formatted(task.id(), task, row));
        }
    }

    /** Returns what is wrong, in words; empty if all is as it should be. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Returns the acknowledged events, by id with the state that they led to, that are not stored so. */
    List<String> missing(Map<String, String> acknowledged) {
        return acknowledged.entrySet().stream()
                .filter(each -> !Objects.equals(states.get(each.getKey()), each.getValue()))
                .map(Object::toString)
                .toList();
    }

    /** Returns the ids of all events of runs and tasks. */
    Set<String> eventIds() {
        return states.keySet();
    }

    int runs() {
        return rows.runs().size();
    }

    int tasks() {
        return rows.tasks().size();
    }
}
