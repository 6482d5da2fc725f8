package dev.runledger.history;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads what a store keeps. Thread-safe; every result is a copy that does not change.
 *
 * <p>A {@code StoreException} says that the store, or a single run or task, could not be read. Lists leave an unreadable row out; pages
 * name it.
 */
public interface RunHistory {
    /** Returns the run with this id, or empty if there is none. */
    Optional<WorkflowRun> run(RunId runId);

    /**
     * Returns what the handler of a run needs, which was given at its dispatch; empty if nothing was, or if there is no such run. A
     * ledger's history gives it as the application gave it, a store's as the ledger had it stored.
     */
    Optional<String> input(RunId runId);

    /** Returns the state of the run with this id without reading the rest of it, or empty if there is none. For polls. */
    Optional<RunState> state(RunId runId);

    /** Returns a page of the runs that pass the filters of the query, newest dispatch first. */
    Page page(RunQuery query);

    /** Returns the events of a run and of its tasks, the run's by seq, then each task's by its own; empty if there is no such run. */
    List<LedgerEvent> events(RunId runId);

    /** Returns the tasks of a run in the order in which they started. A task left RUNNING by an ended run reads as ABANDONED. */
    List<TaskRun> tasks(RunId runId);

    /** Returns the task with this id, or empty if there is none. */
    Optional<TaskRun> task(TaskId taskId);

    /** Returns the runs that this run gave work to, in the order of their dispatch, without their payloads. */
    List<WorkflowRun> children(RunId runId);

    /**
     * Returns the run that is suspended in a wait with this correlation key; the oldest wait if there are several.
     *
     * @param project the project of the run; empty for runs that have none
     */
    Optional<WorkflowRun> waitingFor(String project, String correlationKey);

    /** Returns the newest refusals, newest first, at most this many. */
    List<LedgerEvent> refusals(int limit);

    /**
     * Returns the same reads, each of which takes at most this long, or as long as the store lets a read take if that is less. A read
     * that has no answer by then throws a {@code StoreException}. A store whose reads wait for nothing returns itself.
     */
    RunHistory within(Duration limit);

    /**
     * A page of runs, newest first, without the payloads of their triggers and resumptions.
     *
     * @param runs the runs that could be read
     * @param unreadable the rows of the page that could not, so that one bad row costs only itself
     * @param next where the next page begins, for {@link RunQuery#after}; empty if this is the last page
     */
    record Page(List<WorkflowRun> runs, List<Unreadable> unreadable, Optional<String> next) {
        /** Copies the lists. */
        public Page {
            runs = List.copyOf(runs);
            unreadable = List.copyOf(unreadable);
            Objects.requireNonNull(next, "next");
        }

        /**
         * Returns a page out of all runs, for a store without a query language.
         *
         * @param runs every run that the store holds, in any order
         */
        public static Page of(Stream<WorkflowRun> runs, RunQuery query) {
            List<WorkflowRun> found = runs.filter(query::matches)
                    .sorted(RunQuery.Position.NEWEST_RUN_FIRST)
                    .limit(query.limit() + 1L)
                    .map(WorkflowRun::withoutPayloads)
                    .toList();
            if (found.size() <= query.limit()) {
                return new Page(found, List.of(), Optional.empty());
            }
            List<WorkflowRun> page = found.subList(0, query.limit());
            WorkflowRun last = page.get(page.size() - 1);
            return new Page(
                    page, List.of(), Optional.of(RunQuery.Position.of(last).text()));
        }
    }

    /**
     * A row that a newer version wrote, or that was changed by hand.
     *
     * @param id the id in the row, as it stands there, at most 128 characters of it
     * @param why what could not be read
     */
    record Unreadable(String id, String why) {
        /** Checks that the parts are there. */
        public Unreadable {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(why, "why");
        }
    }
}
