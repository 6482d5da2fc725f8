package dev.runledger.jdbi;

import dev.runledger.event.EventContract;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.RunFields;
import dev.runledger.store.TaskChange;
import dev.runledger.store.Lifecycle;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run, made again from their rows by the functions that made them first: each step is applied to the run that the
 * step before it left, at the time that was stored. So a row has nothing in it that another has already.
 *
 * <p>A row whose data cannot be read is told with what else is known, and a field {@code unreadable} that says why.
 */
final class Replay {
    private static final EventContract CONTRACT = EventContract.asStored();
    private static final String UNREADABLE = "unreadable";

    /** An event and the run as it left it. */
    private record Told(LedgerEvent event, WorkflowRun run) {}

    private final WorkflowRun now;
    private final Map<Long, Told> told = new LinkedHashMap<>();
    private final Map<String, List<EventRow>> ofTasks = new LinkedHashMap<>();
    private long unreadable;

    Replay(WorkflowRun now, List<EventRow> rows) {
        this.now = now;
        WorkflowRun run = null;
        List<EventRow> ofRun = new ArrayList<>();
        for (EventRow row : rows) {
            if (row.subject().equals(now.id().value())) {
                ofRun.add(row);
            } else {
                ofTasks.computeIfAbsent(row.subject(), subject -> new ArrayList<>())
                        .add(row);
            }
        }
        ofRun.sort(Comparator.comparingLong(EventRow::seq));
        for (EventRow row : ofRun) {
            run = step(run, row);
        }
    }

    /** How many rows could not be read. */
    long unreadable() {
        return unreadable;
    }

    /** The run as the event of this version left it. */
    WorkflowRun runAt(long seq) {
        Told at = told.get(seq);
        return at == null ? now : at.run();
    }

    /** The events: the run's by seq, then each task's by its own. */
    List<LedgerEvent> events(List<TaskRun> tasks) {
        List<LedgerEvent> events = new ArrayList<>();
        told.values().forEach(each -> events.add(each.event()));
        for (TaskRun task : tasks) {
            tell(task, events);
        }
        return events;
    }

    // ---- a run

    private @Nullable WorkflowRun step(@Nullable WorkflowRun before, EventRow row) {
        WorkflowRunEvent event = EventType.ofName(row.event())
                .filter(WorkflowRunEvent.class::isInstance)
                .map(WorkflowRunEvent.class::cast)
                .orElse(null);
        if (event == null || !isStored(event)) { // a newer version's, or nobody's: there is no such event to tell
            unreadable++;
            return before;
        }
        if (event == WorkflowRunEvent.QUEUED || before == null) {
            WorkflowRun queued = Lifecycle.queued(now.request(), row.occurredAt());
            EventFields fields = RunFields.of(queued);
            try {
                EventFields extra = EventData.extra(row.data());
                tell(row, event, extra == null ? fields : fields.putAll(extra), queued);
            } catch (IllegalArgumentException broken) {
                unreadable++;
                tell(row, event, fields.put(UNREADABLE, broken.getMessage()), queued);
            }
            return queued;
        }
        RunCommand command = event.command().orElseThrow();
        String broken = null;
        Change change;
        try {
            change = EventData.change(now.id(), command, row.data());
        } catch (IllegalArgumentException | NullPointerException | DateTimeException unread) {
            unreadable++;
            broken = Objects.requireNonNullElse(unread.getMessage(), "data lacks a part");
            change = unknown(now.id(), command);
        }
        WorkflowRun after = row.seq() == now.seq() && now.state().isTerminal()
                ? now // an imported run's waits are in its row alone
                : Lifecycle.next(before, change, row.occurredAt());
        EventFields fields = change.fields(after);
        tell(row, event, broken == null ? fields : fields.put(UNREADABLE, broken), after);
        return after;
    }

    /** Whether a transition makes this event: the others have no row of a run. */
    private static boolean isStored(WorkflowRunEvent event) {
        return event.command().filter(command -> command != RunCommand.REFUSE).isPresent();
    }

    private void tell(EventRow row, WorkflowRunEvent event, EventFields fields, WorkflowRun run) {
        told.put(
                row.seq(),
                new Told(
                        CONTRACT.event(
                                event,
                                WorkflowRun.eventId(run.id(), row.seq()),
                                row.occurredAt(),
                                fields,
                                run.request().context()),
                        run));
    }

    /** A change of which nothing is known but its call. */
    private static Change unknown(RunId id, RunCommand command) {
        String what = "unreadable";
        return switch (command) {
            case START -> Change.start(id, what);
            case SUSPEND -> Change.suspend(id, Wait.of(Wait.Code.OTHER));
            case RESUME -> Change.resume(id, Resumption.of());
            case HAND_OFF ->
                Change.handOff(id, NewRun.of(what).id(RunId.of(what)));
            case SUCCEED -> Change.succeed(id);
            case INCOMPLETE -> Change.incomplete(id, what);
            case FAIL -> Change.fail(id, Failure.of(what));
            case ENQUEUE_FAILED -> Change.enqueueFailed(id, Failure.of(what));
            case CANCEL -> Change.cancel(id, what);
            case DISPATCH, REFUSE -> throw new IllegalArgumentException(command + " changes no run");
        };
    }

    // ---- a task

    /** The task as its event of this version left it, and its run as it stood then. */
    TaskTransition.Applied taskAt(TaskRun latest, long seq) {
        return steps(latest).stream()
                .filter(step -> step.row().seq() == seq)
                .map(step -> new TaskTransition.Applied(
                        seq == latest.seq() ? latest : step.task(), // a row has no inputs and outputs
                        runAt(step.row().runSeq())))
                .findFirst()
                .orElseGet(() -> new TaskTransition.Applied(latest, now));
    }

    private void tell(TaskRun latest, List<LedgerEvent> events) {
        for (TaskStep step : steps(latest)) {
            WorkflowRun run = runAt(step.row().runSeq());
            EventFields fields = step.change().fields(step.task(), run);
            events.add(CONTRACT.event(
                    step.change().event(),
                    TaskRun.eventId(latest.id(), step.row().seq()),
                    step.row().occurredAt(),
                    step.broken() == null ? fields : fields.put(UNREADABLE, step.broken()),
                    run.request().context()));
        }
    }

    /** A row, the change that it tells of, and the task as that left it. */
    private record TaskStep(
            EventRow row, TaskChange change, @Nullable String broken, TaskRun task) {}

    private List<TaskStep> steps(TaskRun latest) {
        List<EventRow> ordered =
                new ArrayList<>(ofTasks.getOrDefault(latest.id().value(), List.of()));
        ordered.sort(Comparator.comparingLong(EventRow::seq));
        List<TaskStep> steps = new ArrayList<>();
        TaskRun task = null;
        for (EventRow row : ordered) {
            TaskRunEvent event = EventType.ofName(row.event())
                    .filter(TaskRunEvent.class::isInstance)
                    .map(TaskRunEvent.class::cast)
                    .orElse(null);
            if (event == null || event == TaskRunEvent.PROGRESS) {
                unreadable++;
                continue;
            }
            String broken = null;
            TaskChange change;
            try {
                change = EventData.change(latest, event, row.data());
            } catch (IllegalArgumentException | NullPointerException unread) {
                unreadable++;
                broken = Objects.requireNonNullElse(unread.getMessage(), "data lacks a part");
                change = unknown(latest, event);
            }
            boolean begins = event == TaskRunEvent.STARTED || event == TaskRunEvent.SKIPPED;
            if (task == null && !begins) { // the row that it began with cannot be read, or is gone
                task = Lifecycle.next(null, TaskChange.start(latest.runId(), latest.request()), latest.startedAt());
            }
            task = Lifecycle.next(task, change, row.occurredAt());
            if (!begins && task.attempt() == 0) { // it was skipped: nothing comes after that
                unreadable++;
                continue;
            }
            steps.add(new TaskStep(row, change, broken, task));
        }
        return steps;
    }

    private static TaskChange unknown(TaskRun task, TaskRunEvent event) {
        String what = "unreadable";
        return switch (event) {
            case STARTED, PROGRESS -> TaskChange.start(task.runId(), task.request());
            case SKIPPED -> TaskChange.skip(task.runId(), task.request(), what);
            case SUCCEEDED -> TaskChange.succeed(task.id(), TaskRun.Result.nothing());
            case FAILED -> TaskChange.fail(task.id(), Failure.of(what), TaskRun.Result.nothing());
            case RETRYING -> TaskChange.retry(task.id());
        };
    }
}
