package dev.runledger.jdbi;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a slice of the events of a run: its own first, which are few, then those of its tasks, task by task, until there are enough. So
 * a run with very many tasks is never read as a whole.
 */
final class EventSlice {
    private static final int TASKS_AT_ONCE = 100;

    private final WorkflowRun run;
    private final RunHistory.Range range;
    private final EventReplayer replayer;
    private final Function<RunHistory.Range, RunHistory.Slice<TaskRun>> tasks;
    private final Function<String, TaskRun> task;
    private final Function<String, List<EventRow>> rowsOf;
    private final List<LedgerEvent> found = new ArrayList<>();
    private final int wanted;

    EventSlice(
            WorkflowRun run,
            List<EventRow> ofRun,
            RunHistory.Range range,
            Function<RunHistory.Range, RunHistory.Slice<TaskRun>> tasks,
            Function<String, TaskRun> task,
            Function<String, List<EventRow>> rowsOf) {
        this.run = run;
        this.range = range;
        this.replayer = new EventReplayer(run, ofRun);
        this.tasks = tasks;
        this.task = task;
        this.rowsOf = rowsOf;
        this.wanted = range.limit() + 1; // one more shows whether there is another slice
    }

    long unreadable() {
        return replayer.unreadable();
    }

    RunHistory.Slice<LedgerEvent> read() {
        Optional<RunHistory.Range> next = Optional.of(RunHistory.Range.first(TASKS_AT_ONCE));
        String after = range.after().orElse(null);
        String subject = after == null || after.lastIndexOf(':') < 0 ? "" : after.substring(0, after.lastIndexOf(':'));
        if (after == null || subject.equals(run.id().value())) {
            add(replayer.ofRun(), after);
        } else {
            TaskRun from = task.apply(subject);
            add(ofTask(from), after);
            next = next.map(first -> first.after(subject));
        }
        while (found.size() < wanted && next.isPresent()) {
            RunHistory.Slice<TaskRun> some = tasks.apply(next.get());
            for (TaskRun each : some.items()) {
                if (found.size() < wanted) {
                    add(ofTask(each), null);
                }
            }
            next = some.next();
        }
        boolean more = found.size() > range.limit();
        List<LedgerEvent> part = more ? found.subList(0, range.limit()) : found;
        return new RunHistory.Slice<>(
                part, more ? Optional.of(range.after(part.get(part.size() - 1).eventId())) : Optional.empty());
    }

    private List<LedgerEvent> ofTask(TaskRun each) {
        replayer.tasks(rowsOf.apply(each.id().value()));
        return replayer.ofTask(each);
    }

    /** Adds the events after the one with this id, or all; an id that is none of theirs is no end of a slice. */
    private void add(List<LedgerEvent> events, @Nullable String after) {
        int from = 0;
        if (after != null) {
            from = events.stream().map(LedgerEvent::eventId).toList().indexOf(after) + 1;
            if (from == 0) {
                throw RunHistory.Slice.unknown(after);
            }
        }
        found.addAll(events.subList(from, events.size()));
    }
}
