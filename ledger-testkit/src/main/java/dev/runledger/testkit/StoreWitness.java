package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
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

    /** Returns the id of the event, or empty for an echo, an await, a passed deadline or progress: a store keeps none of them. */
    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        boolean kept = event.type() != WorkflowRunEvent.COMPLETED
                && !RecordedEvent.isAside(event)
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

    /** Returns the rows, and what they do not show: the runs and tasks with the bodies of their payloads. */
    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        List<String> texts =
                new ArrayList<>(rows(emitted).map(EventWitness::text).toList());
        for (RunId id : runs(emitted)) {
            history.run(id).ifPresent(run -> {
                texts.add(run.toString());
                run.request().trigger().ifPresent(trigger -> {
                    body(trigger.payload(), texts);
                    body(trigger.details(), texts);
                });
                run.resumption().ifPresent(resumption -> body(resumption.payload(), texts));
            });
            history.tasks(id)
                    .forEach(listed -> history.task(listed.id()).ifPresent(task -> {
                        texts.add(task.toString());
                        body(task.request().input(), texts);
                        body(task.result().flatMap(TaskRun.Result::output), texts);
                    }));
        }
        return texts;
    }

    /** Adds the body of a payload, which its own text never shows. */
    private static void body(Optional<Payload> payload, List<String> texts) {
        payload.flatMap(Payload::json).ifPresent(texts::add);
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
