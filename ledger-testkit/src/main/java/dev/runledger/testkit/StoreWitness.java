package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the rows that a store has of the emitted runs and refusals. */
record StoreWitness(RunHistory history) implements Witness {
    private static final int NEWEST_REFUSALS = 200;

    @Override
    public String name() {
        return "store";
    }

    /** Returns the id of the event, or empty for an echo, an await or progress: a store keeps none of them. */
    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        boolean kept = event.type() != WorkflowRunEvent.COMPLETED
                && event.type() != WorkflowRunEvent.AWAITED
                && event.type() != TaskRunEvent.PROGRESS;
        return kept ? Optional.of(event.eventId()) : Optional.empty();
    }

    @Override
    public List<Sighting> sightings(List<LedgerEvent> emitted) {
        return rows(emitted)
                .map(event -> new Sighting(event.eventId(), event.fields()))
                .toList();
    }

    private Stream<LedgerEvent> rows(List<LedgerEvent> emitted) {
        Set<String> ids = emitted.stream().map(LedgerEvent::eventId).collect(Collectors.toSet());
        return Stream.concat(
                runs(emitted).stream().flatMap(id -> history.events(id).stream()),
                history.refusals(NEWEST_REFUSALS).stream().filter(event -> ids.contains(event.eventId())));
    }

    /** Returns the rows, and what they do not show: the payloads of the run and of its tasks. */
    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        List<String> texts =
                new ArrayList<>(rows(emitted).map(EventWitness::text).toList());
        for (RunId id : runs(emitted)) {
            history.run(id).ifPresent(run -> texts.add(run.toString()));
            history.tasks(id).forEach(task -> history.task(task.id()).ifPresent(whole -> texts.add(whole.toString())));
        }
        return texts;
    }

    private static List<RunId> runs(List<LedgerEvent> emitted) {
        return emitted.stream()
                .flatMap(event -> event.text(EventField.RUN_ID).stream())
                .distinct()
                .filter(PayloadChecks::isId)
                .map(RunId::of)
                .toList();
    }
}
