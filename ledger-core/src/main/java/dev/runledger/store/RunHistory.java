package dev.runledger.store;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a store keeps. Thread-safe; every answer is a copy that does not change. A {@link StoreException} says that a store
 * could not be read, or that a single run or task cannot: lists leave a bad row out, pages name it.
 */
public interface RunHistory {
    /** The run with this id, or empty. */
    Optional<WorkflowRun> run(RunId runId);

    /** A page of the runs that pass the query's filters, newest dispatch first. */
    RunPage page(RunQuery query);

    /** The events of a run and of its tasks: the run's by seq, each task's by its own; empty where there is no such run. */
    List<LedgerEvent> events(RunId runId);

    /** The tasks of a run in the order in which they were started; one left RUNNING by an ended run reads as ABANDONED. */
    List<TaskRun> tasks(RunId runId);

    /** The task with this id, or empty. */
    Optional<TaskRun> task(TaskId taskId);

    /** The runs that this run gave work to, in the order of their dispatch, without their payloads. */
    List<WorkflowRun> children(RunId runId);

    /** The run that is suspended in a wait with this correlation key, or empty; the oldest wait where there are several. */
    Optional<WorkflowRun> waitingFor(String correlationKey);

    /** The newest refusals, newest first, at most this many. */
    List<LedgerEvent> refusals(int limit);

    /**
     * Counts what is in flight, and what failed within this time and has not succeeded since. One small query, for gauges.
     *
     * @param failedWithin how far back failures are counted
     */
    RunSnapshot snapshot(Duration failedWithin);
}
