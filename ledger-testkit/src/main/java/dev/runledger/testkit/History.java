package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What was told of one run and its tasks, in its order.
 *
 * <p>What one thread did is told in that order. What several did may be told out of it, and sorts by seq; so an event changes its
 * place only where another thread told the one that it belongs before.
 *
 * @param runId the run's id as text; empty for events without a run
 * @param events what was told
 */
record History(String runId, List<RecordedEvent> events) {
    static History of(RecordingSink sink, String runId) {
        return of(sink.recorded(), runId);
    }

    static History of(List<RecordedEvent> all, String runId) {
        List<RecordedEvent> recorded = new ArrayList<>(
                all.stream().filter(each -> each.runId().equals(runId)).toList());
        sort(recorded, each -> !each.isOfTask() && seq(each) > 0, History::runOrder);
        recorded.stream()
                .map(RecordedEvent::taskId)
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList()
                .forEach(task -> sort(
                        recorded,
                        each -> each.taskId().equals(task) && seq(each) > 0,
                        Comparator.comparingLong(History::seq)));
        return new History(runId, List.copyOf(recorded));
    }

    /** The histories of every run that was told of, in the order in which they were first told of. */
    static List<History> all(List<RecordedEvent> recorded) {
        return recorded.stream()
                .map(RecordedEvent::runId)
                .filter(id -> !id.isEmpty())
                .distinct()
                .map(id -> of(recorded, id))
                .toList();
    }

    /** The same history without the events of tasks. */
    History withoutTasks() {
        return new History(
                runId, events.stream().filter(each -> !each.isOfTask()).toList());
    }

    /** The task's events in their order, by task. */
    Map<String, List<RecordedEvent>> tasks() {
        Map<String, List<RecordedEvent>> tasks = new LinkedHashMap<>();
        events.stream()
                .filter(RecordedEvent::isOfTask)
                .filter(each -> each.event().type() != TaskRunEvent.PROGRESS)
                .forEach(each -> tasks.computeIfAbsent(each.taskId(), id -> new ArrayList<>())
                        .add(each));
        return tasks;
    }

    /** Where the run's end stands, or -1: its first terminal event that is no echo. */
    int end() {
        for (int i = 0; i < events.size(); i++) {
            if (isEnd(events.get(i))) {
                return i;
            }
        }
        return -1;
    }

    static boolean isEnd(RecordedEvent recorded) {
        return recorded.event().type().isTerminal() && !isEcho(recorded);
    }

    /** Returns whether the event reports the dispatch of a run, or a change of one. */
    static boolean isTransition(RecordedEvent recorded) {
        return recorded.event().type() instanceof WorkflowRunEvent type
                && (type == WorkflowRunEvent.QUEUED || type.command().isPresent());
    }

    static boolean isEcho(RecordedEvent recorded) {
        return recorded.event().type() == WorkflowRunEvent.COMPLETED;
    }

    static long seq(RecordedEvent recorded) {
        EventField field = recorded.isOfTask() ? EventField.TASK_SEQ : EventField.SEQ;
        return recorded.event().number(field).orElse(0L);
    }

    /** The echo has the seq of what it echoes and comes after it. */
    private static int runOrder(RecordedEvent one, RecordedEvent other) {
        int bySeq = Long.compare(seq(one), seq(other));
        return bySeq != 0 ? bySeq : Boolean.compare(isEcho(one), isEcho(other));
    }

    /** Sorts the chosen events among their own places by moving one before another that a different thread told. */
    private static void sort(
            List<RecordedEvent> recorded, Predicate<RecordedEvent> chosen, Comparator<RecordedEvent> order) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < recorded.size(); i++) {
            if (chosen.test(recorded.get(i))) {
                places.add(i);
            }
        }
        for (int i = 1; i < places.size(); i++) {
            for (int j = i; j > 0; j--) {
                RecordedEvent before = recorded.get(places.get(j - 1));
                RecordedEvent after = recorded.get(places.get(j));
                if (order.compare(before, after) <= 0 || before.threadId() == after.threadId()) {
                    break;
                }
                recorded.set(places.get(j - 1), after);
                recorded.set(places.get(j), before);
            }
        }
    }
}
