package dev.runledger.trials;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.WorkflowRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the store says of all its runs, by which other destinations of events are checked. */
record Truth(List<WorkflowRun> runs, List<LedgerEvent> events, List<LedgerEvent> refusals) {
    private static final Set<EventType> ENDS = Set.of(
            WorkflowRunEvent.SUCCEEDED,
            WorkflowRunEvent.INCOMPLETE,
            WorkflowRunEvent.FAILED,
            WorkflowRunEvent.CANCELLED);

    static Truth of(RunHistory history) {
        List<WorkflowRun> runs = new ArrayList<>();
        RunQuery query = RunQuery.builder().limit(RunQuery.MAX_LIMIT).build();
        RunHistory.Page page = history.page(query);
        runs.addAll(page.runs());
        while (page.next().isPresent()) {
            page = history.page(query.after(page));
            runs.addAll(page.runs());
        }
        List<LedgerEvent> events =
                runs.stream().flatMap(run -> history.events(run.id()).stream()).toList();
        return new Truth(runs, events, history.refusals(1_000_000));
    }

    /** Counts the events of runs by these fields, refusals included. */
    Map<String, Double> eventsBy(Function<LedgerEvent, String> workflowAndEvent) {
        Map<String, Double> counts = new TreeMap<>();
        for (LedgerEvent event : eventsOfRuns()) {
            counts.merge(workflowAndEvent.apply(event), 1.0, Double::sum);
        }
        return counts;
    }

    private List<LedgerEvent> eventsOfRuns() {
        List<LedgerEvent> all = new ArrayList<>(refusals);
        events.stream()
                .filter(event -> event.type() instanceof WorkflowRunEvent)
                .forEach(all::add);
        return all;
    }

    /** Returns the milliseconds that each run took that ran and ended, without its suspensions, by workflow. */
    Map<String, List<Long>> durations() {
        return byWorkflow(
                event -> ENDS.contains(event.type())
                        && event.get(EventField.QUEUE_WAIT_MS).isPresent(),
                event -> event.number(EventField.DURATION_MS).orElseThrow()
                        - event.number(EventField.SUSPENDED_MS).orElse(0L));
    }

    /** Returns the milliseconds that each run waited in the queue, by workflow. */
    Map<String, List<Long>> queueWaits() {
        return byWorkflow(
                event -> event.type() == WorkflowRunEvent.RUNNING,
                event -> event.number(EventField.QUEUE_WAIT_MS).orElseThrow());
    }

    private Map<String, List<Long>> byWorkflow(Predicate<LedgerEvent> which, Function<LedgerEvent, Long> value) {
        return events.stream()
                .filter(which)
                .collect(Collectors.groupingBy(
                        Truth::workflow, TreeMap::new, Collectors.mapping(value, Collectors.toList())));
    }

    static String workflow(LedgerEvent event) {
        return event.text(EventField.WORKFLOW_NAME).orElseThrow();
    }
}
