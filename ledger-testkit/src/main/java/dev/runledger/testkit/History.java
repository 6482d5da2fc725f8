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
record History(String runId, List<Told> events) {
    static History of(RecordingSink sink, String runId) {
        return of(sink.told(), runId);
    }

    static History of(List<Told> all, String runId) {
        List<Told> told = new ArrayList<>(
                all.stream().filter(each -> each.runId().equals(runId)).toList());
        sort(told, each -> !each.isOfTask() && seq(each) > 0, History::runOrder);
        told.stream()
                .map(Told::taskId)
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList()
                .forEach(task -> sort(
                        told,
                        each -> each.taskId().equals(task) && seq(each) > 0,
                        Comparator.comparingLong(History::seq)));
        return new History(runId, List.copyOf(told));
    }

    /** The histories of every run that was told of, in the order in which they were first told of. */
    static List<History> all(List<Told> told) {
        return told.stream()
                .map(Told::runId)
                .filter(id -> !id.isEmpty())
                .distinct()
                .map(id -> of(told, id))
                .toList();
    }

    /** The same history without the events of tasks. */
    History withoutTasks() {
        return new History(
                runId, events.stream().filter(each -> !each.isOfTask()).toList());
    }

    /** The task's events in their order, by task. */
    Map<String, List<Told>> tasks() {
        Map<String, List<Told>> tasks = new LinkedHashMap<>();
        events.stream()
                .filter(Told::isOfTask)
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

    static boolean isEnd(Told told) {
        return told.event().type().isTerminal() && !isEcho(told);
    }

    static boolean isEcho(Told told) {
        return told.event().type() == WorkflowRunEvent.COMPLETED;
    }

    static long seq(Told told) {
        EventField field = told.isOfTask() ? EventField.TASK_SEQ : EventField.SEQ;
        return told.event().number(field).orElse(0L);
    }

    /** The echo has the seq of what it echoes and comes after it. */
    private static int runOrder(Told one, Told other) {
        int bySeq = Long.compare(seq(one), seq(other));
        return bySeq != 0 ? bySeq : Boolean.compare(isEcho(one), isEcho(other));
    }

    /** Sorts the chosen events among their own places by moving one before another that a different thread told. */
    private static void sort(List<Told> told, Predicate<Told> chosen, Comparator<Told> order) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            if (chosen.test(told.get(i))) {
                places.add(i);
            }
        }
        for (int i = 1; i < places.size(); i++) {
            for (int j = i; j > 0; j--) {
                Told before = told.get(places.get(j - 1));
                Told after = told.get(places.get(j));
                if (order.compare(before, after) <= 0 || before.threadId() == after.threadId()) {
                    break;
                }
                told.set(places.get(j - 1), after);
                told.set(places.get(j), before);
            }
        }
    }
}
