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
 * The events of one run and its tasks, in order.
 *
 * <p>The events of one thread keep their order. Those of several threads are sorted by seq: an event moves only before one that another
 * thread emitted.
 *
 * @param runId the id of the run as text; empty for events without a run
 * @param events the events
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

    /** Returns the history of every run, in the order of their first events. */
    static List<History> all(List<RecordedEvent> recorded) {
        return recorded.stream()
                .map(RecordedEvent::runId)
                .filter(id -> !id.isEmpty())
                .distinct()
                .map(id -> of(recorded, id))
                .toList();
    }

    /** Returns the same history without the events of tasks. */
    History withoutTasks() {
        return new History(
                runId, events.stream().filter(each -> !each.isOfTask()).toList());
    }

    /** Returns the events of the tasks in their order, by task. */
    Map<String, List<RecordedEvent>> tasks() {
        Map<String, List<RecordedEvent>> tasks = new LinkedHashMap<>();
        events.stream()
                .filter(RecordedEvent::isOfTask)
                .filter(each -> each.event().type() != TaskRunEvent.PROGRESS)
                .forEach(each -> tasks.computeIfAbsent(each.taskId(), id -> new ArrayList<>())
                        .add(each));
        return tasks;
    }

    /** Returns the place of the first terminal event that is not an echo, or -1. */
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

    /** Returns whether the event reports the dispatch of a run or a change of one. */
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

    /** Compares two events of a run. The echo has the seq of the event that it echoes and comes after it. */
    private static int runOrder(RecordedEvent one, RecordedEvent other) {
        int bySeq = Long.compare(seq(one), seq(other));
        return bySeq != 0 ? bySeq : Boolean.compare(isEcho(one), isEcho(other));
    }

    /** Sorts the chosen events among their own places. An event moves only before one that another thread emitted. */
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
