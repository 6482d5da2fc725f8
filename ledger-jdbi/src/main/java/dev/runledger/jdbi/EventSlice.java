package dev.runledger.jdbi;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads a slice of the events of a run: its own first, which are few, then those of its tasks, task by task, until there are enough. So
 * a run with very many tasks is never read as a whole.
 */
final class EventSlice {
    private static final int TASKS_AT_ONCE = 100;

    private final Reader reader;
    private final Handle handle;
    private final WorkflowRun run;
    private final RunHistory.Range range;
    private final EventReplayer replayer;
    private final List<LedgerEvent> found = new ArrayList<>();
    private final int wanted;

    EventSlice(Reader reader, Handle handle, WorkflowRun run, RunHistory.Range range) {
        this.reader = reader;
        this.handle = handle;
        this.run = run;
        this.range = range;
        this.replayer = new EventReplayer(run, reader.eventRows(handle, run.id()));
        this.wanted = range.limit() + 1; // one more shows whether there is another slice
    }

    long unreadable() {
        return replayer.unreadable();
    }

    RunHistory.Slice<LedgerEvent> read() {
        String after = range.after().orElse(null);
        String subject = after == null || after.lastIndexOf(':') < 0 ? "" : after.substring(0, after.lastIndexOf(':'));
        Optional<String> afterTask = Optional.empty();
        if (after == null || subject.equals(run.id().value())) {
            add(replayer.ofRun(), after);
        } else {
            TaskRun from = reader.taskOf(handle, run.id(), subject);
            replayer.tasks(reader.eventRows(handle, List.of(from)));
            add(replayer.ofTask(from), after);
            afterTask = Optional.of(subject);
        }
        boolean moreTasks = true;
        while (found.size() < wanted && moreTasks) {
            RunHistory.Slice<TaskRun> some = nextTasks(afterTask);
            replayer.tasks(reader.eventRows(handle, some.items()));
            for (TaskRun each : some.items()) {
                if (found.size() < wanted) {
                    add(replayer.ofTask(each), null);
                }
            }
            afterTask = some.next().flatMap(RunHistory.Range::after);
            moreTasks = afterTask.isPresent();
        }
        boolean more = found.size() > range.limit();
        List<LedgerEvent> part = more ? found.subList(0, range.limit()) : found;
        return new RunHistory.Slice<>(
                part, more ? Optional.of(range.after(part.get(part.size() - 1).eventId())) : Optional.empty());
    }

    /** Returns the next tasks: no more than events are missing, since nearly every task has one at least. */
    private RunHistory.Slice<TaskRun> nextTasks(Optional<String> after) {
        RunHistory.Range first = RunHistory.Range.first(Math.min(TASKS_AT_ONCE, wanted - found.size()));
        return reader.tasks(handle, run.id(), after.map(first::after).orElse(first));
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
