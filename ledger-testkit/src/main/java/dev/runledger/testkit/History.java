package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of one run and its tasks, in the order of {@link EventOrder}.
 *
 * @param runId the id of the run as text; empty for events without a run
 * @param events the events
 */
record History(String runId, List<RecordedEvent> events) {
    static History of(List<RecordedEvent> all, String runId) {
        return new History(
                runId,
                EventOrder.of(
                        all.stream().filter(each -> each.runId().equals(runId)).toList()));
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

    /** Returns the same history without awaits. */
    History withoutAwaits() {
        return new History(
                runId, events.stream().filter(each -> !each.isAside()).toList());
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
}
