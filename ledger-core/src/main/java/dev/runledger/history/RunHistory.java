package dev.runledger.history;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
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

    /**
     * Returns events of a run and of its tasks: the run's by seq, then each task's by its own, in the order in which the tasks started.
     * Empty if there is no such run.
     *
     * @throws IllegalArgumentException if the range does not go on from a slice of this run's events
     */
    Slice<LedgerEvent> events(RunId runId, Range range);

    /** Returns all events of a run and of its tasks, read slice by slice. */
    default List<LedgerEvent> events(RunId runId) {
        return Slice.all(range -> events(runId, range));
    }

    /**
     * Returns tasks of a run in the order in which they started, without inputs and outputs, which {@link #task} has. A task left RUNNING
     * by an ended run reads as ABANDONED.
     *
     * @throws IllegalArgumentException if the range does not go on from a slice of this run's tasks
     */
    Slice<TaskRun> tasks(RunId runId, Range range);

    /** Returns all tasks of a run, read slice by slice. */
    default List<TaskRun> tasks(RunId runId) {
        return Slice.all(range -> tasks(runId, range));
    }

    /** Returns the task with this id, or empty if there is none. */
    Optional<TaskRun> task(TaskId taskId);

    /**
     * Returns the runs that this run gave work to, in the order of their dispatch, without their payloads. For a run with very many, ask
     * for pages by {@link RunQuery#parentRunId()}.
     */
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
     * Says which part of a list is read.
     *
     * @param limit how many, from 1 to {@value #MAX_LIMIT}
     * @param after the id of what came before; empty for the first part
     */
    record Range(int limit, Optional<String> after) {
        /** The most that a slice can have. */
        public static final int MAX_LIMIT = 1_000;

        /** Checks the limit. */
        public Range {
            if (limit < 1 || limit > MAX_LIMIT) {
                throw new IllegalArgumentException("limit is %s, expected 1 to %s".formatted(limit, MAX_LIMIT));
            }
            Objects.requireNonNull(after, "after");
        }

        /** Returns the range of the first ones, at most this many. */
        public static Range first(int limit) {
            return new Range(limit, Optional.empty());
        }

        /** Returns the range of as many after the one with this id: an event id, or the id of a task. */
        public Range after(String id) {
            return new Range(limit, Optional.of(id));
        }
    }

    /**
     * A part of a list.
     *
     * @param items what could be read, in order
     * @param next the range of the next part; empty if this is the last
     */
    record Slice<T>(List<T> items, Optional<Range> next) {
        /** Copies the list. */
        public Slice {
            items = List.copyOf(items);
            Objects.requireNonNull(next, "next");
        }

        /**
         * Returns a slice out of a whole list, for a store that has it at hand.
         *
         * @param id returns the id of an item
         * @throws IllegalArgumentException if the range goes on from an item that is not there
         */
        public static <T> Slice<T> of(List<T> all, Range range, Function<T, String> id) {
            int from = 0;
            if (range.after().isPresent()) {
                String after = range.after().get();
                from = all.stream().map(id).toList().indexOf(after) + 1;
                if (from == 0) {
                    throw unknown(after);
                }
            }
            int to = Math.min(all.size(), from + range.limit());
            return new Slice<>(
                    all.subList(from, to),
                    to < all.size() ? Optional.of(range.after(id.apply(all.get(to - 1)))) : Optional.empty());
        }

        /** Returns the exception for a range that goes on from an item that is not there. */
        public static IllegalArgumentException unknown(String after) {
            return new IllegalArgumentException(
                    "after is '%.128s', expected the next of a slice of the same run".formatted(after));
        }

        private static <T> List<T> all(Function<Range, Slice<T>> read) {
            List<T> all = new ArrayList<>();
            for (Optional<Range> range = Optional.of(Range.first(Range.MAX_LIMIT)); range.isPresent(); ) {
                Slice<T> slice = read.apply(range.get());
                all.addAll(slice.items());
                range = slice.next();
            }
            return List.copyOf(all);
        }
    }

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
