package dev.runledger.jdbi;

import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.RunChange;
import dev.runledger.store.TaskChange;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of a run again from their rows, by the functions that made them first: each change is applied to the run that the
 * change before it left, at the time that was stored. So no row repeats what another row has.
 *
 * <p>If the data of a row cannot be read, its event has what else is known, and a field {@code unreadable} that says why.
 */
final class EventReplayer {
    private static final String UNREADABLE = "unreadable";

    /** An event and the run as it left it. */
    private record RunStep(LedgerEvent event, WorkflowRun run) {}

    /** A row of a task, its change, why it cannot be read or null, and the task as it left it. */
    private record TaskStep(
            EventRow row, TaskChange change, @Nullable String broken, TaskRun task) {}

    private final WorkflowRun now;
    private final Map<Long, RunStep> steps = new LinkedHashMap<>();
    private final Map<String, List<EventRow>> ofTasks = new LinkedHashMap<>();
    private long unreadable;

    /** Replays the events of the run's own. */
    EventReplayer(WorkflowRun now, List<EventRow> ofRun) {
        this.now = now;
        List<EventRow> ordered = new ArrayList<>(ofRun);
        ordered.sort(Comparator.comparingLong(EventRow::seq));
        WorkflowRun run = null;
        for (EventRow row : ordered) {
            run = replayed(run, row);
        }
    }

    /** Takes the rows of tasks, in place of those that it had. */
    void tasks(List<EventRow> rows) {
        ofTasks.clear();
        for (EventRow row : rows) {
            ofTasks.computeIfAbsent(row.taskId(), task -> new ArrayList<>()).add(row);
        }
    }

    /** Returns how many rows could not be read. */
    long unreadable() {
        return unreadable;
    }

    /** Returns the run as its event of this version left it. */
    WorkflowRun runAt(long seq) {
        RunStep step = steps.get(seq);
        return step == null ? now : step.run();
    }

    /** Returns the events of the run's own, by seq. */
    List<LedgerEvent> ofRun() {
        return steps.values().stream().map(RunStep::event).toList();
    }

    /** Returns the events of a task whose rows it has, by seq. */
    List<LedgerEvent> ofTask(TaskRun task) {
        return steps(task).stream().map(step -> event(task, step)).toList();
    }

    // ---- a run

    private @Nullable WorkflowRun replayed(@Nullable WorkflowRun before, EventRow row) {
        WorkflowRunEvent event = EventType.ofName(row.event())
                .filter(WorkflowRunEvent.class::isInstance)
                .map(WorkflowRunEvent.class::cast)
                .orElse(null);
        boolean queues = event == WorkflowRunEvent.QUEUED;
        if (event == null || (!queues && event.command().isEmpty())) { // a newer version wrote it, or another program
            unreadable++;
            return before;
        }
        return queues || before == null ? queued(row, event) : changed(before, row, event);
    }

    private WorkflowRun queued(EventRow row, WorkflowRunEvent event) {
        WorkflowRun queued = Lifecycle.queued(now.request(), row.occurredAt());
        EventFields fields;
        try {
            fields = RunChange.queuedFields(queued, EventData.head(row.data()));
        } catch (IllegalArgumentException broken) {
            unreadable++;
            fields = EventFields.of(queued).put(UNREADABLE, broken.getMessage());
        }
        add(row, event, fields, queued);
        return queued;
    }

    private WorkflowRun changed(WorkflowRun before, EventRow row, WorkflowRunEvent event) {
        RunCommand command = event.command().orElseThrow();
        String broken = null;
        RunChange change;
        try {
            change = EventData.change(now.id(), command, row.data());
        } catch (IllegalArgumentException | DateTimeException unread) {
            unreadable++;
            broken = Objects.requireNonNullElse(unread.getMessage(), "data cannot be read");
            change = EventData.unknown(now.id(), command);
        }
        WorkflowRun after = row.seq() == now.seq() && now.state().isTerminal()
                ? now // which knows more than rows of earlier events that cannot be read
                : Lifecycle.next(before, change, row.occurredAt());
        add(row, event, change.fields(after).put(UNREADABLE, broken), after);
        return after;
    }

    private void add(EventRow row, WorkflowRunEvent event, EventFields fields, WorkflowRun run) {
        LedgerEvent made = LedgerEvent.stored(
                event,
                WorkflowRun.eventId(run.id(), row.seq()),
                row.occurredAt(),
                fields,
                run.request().context());
        steps.put(row.seq(), new RunStep(made, run));
    }

    // ---- a task

    /** Returns the task as its event of this version left it, and its run as it stood then. */
    TaskTransition.Applied taskAt(TaskRun latest, long seq) {
        return steps(latest).stream()
                .filter(step -> step.row().seq() == seq)
                .map(step -> new TaskTransition.Applied(
                        seq == latest.seq() ? latest : step.task(), // an event's row has no input and no output
                        runAt(step.row().runSeq())))
                .findFirst()
                .orElseGet(() -> new TaskTransition.Applied(latest, now));
    }

    private LedgerEvent event(TaskRun latest, TaskStep step) {
        WorkflowRun run = runAt(step.row().runSeq());
        return LedgerEvent.stored(
                step.change().event(),
                TaskRun.eventId(latest.id(), step.row().seq()),
                step.row().occurredAt(),
                step.change().fields(step.task(), run).put(UNREADABLE, step.broken()),
                run.request().context());
    }

    private List<TaskStep> steps(TaskRun latest) {
        List<EventRow> ordered =
                new ArrayList<>(ofTasks.getOrDefault(latest.id().value(), List.of()));
        ordered.sort(Comparator.comparingLong(EventRow::seq));
        List<TaskStep> steps = new ArrayList<>();
        TaskRun task = null;
        for (EventRow row : ordered) {
            Optional<TaskStep> step = replayed(latest, task, row);
            if (step.isEmpty()) {
                unreadable++;
                continue;
            }
            task = step.get().task();
            if (!step.get().change().kind().isBegin() && task.attempt() == 0) { // nothing follows a skip
                unreadable++;
                continue;
            }
            steps.add(step.get());
        }
        return steps;
    }

    private Optional<TaskStep> replayed(TaskRun latest, @Nullable TaskRun before, EventRow row) {
        TaskChange.Kind kind = Arrays.stream(TaskChange.Kind.values())
                .filter(each -> each.event().eventName().equals(row.event()))
                .findFirst()
                .orElse(null);
        if (kind == null) { // a newer version wrote it, or another program
            return Optional.empty();
        }
        String broken = null;
        TaskChange change;
        try {
            change = EventData.change(latest, kind, row.data());
        } catch (IllegalArgumentException unread) {
            unreadable++;
            broken = Objects.requireNonNullElse(unread.getMessage(), "data cannot be read");
            change = EventData.unknown(latest, kind);
        }
        WorkflowRun run = runAt(row.runSeq());
        TaskRun task = before;
        if (task == null && !kind.isBegin()) { // the row that began it cannot be read, or is gone
            task = Lifecycle.next(null, EventData.unknown(latest, TaskChange.Kind.START), run, latest.startedAt());
        }
        return Optional.of(new TaskStep(row, change, broken, Lifecycle.next(task, change, run, row.occurredAt())));
    }
}
