package dev.runledger;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RefusalCode;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Change;
import dev.runledger.store.RunFields;
import dev.runledger.store.TaskChange;
import dev.runledger.store.UnitOfWork;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells what calls on a ledger did: at once, or after the commit of the host's transaction that they joined. */
record Teller(LedgerParts parts, @Nullable EventFields extra) {
    /** Counts what a call came to and tells what it did. */
    void told(Change change, Transition transition) {
        parts.calls().count(change.command().call(), transition);
        if (transition instanceof Transition.Applied applied) {
            WorkflowRun run = applied.run();
            tell(change.event(), run.eventId(), run.times().changedAt(), () -> change.fields(run), run);
            applied.child().ifPresent(this::queued);
        } else if (transition instanceof Transition.Rejected rejected && rejected.refusedChild() != null) {
            refused(Objects.requireNonNull(change.child()), rejected.refusedChild());
        }
    }

    void told(TaskChange change, TaskTransition.Applied applied) {
        tell(
                change.event(),
                applied.task().eventId(),
                applied.task().changedAt(),
                () -> change.fields(applied.task(), applied.run()),
                applied.run());
    }

    void queued(WorkflowRun run) {
        Supplier<EventFields> fields =
                () -> extra == null ? RunFields.of(run) : RunFields.of(run).putAll(extra);
        tell(WorkflowRunEvent.QUEUED, run.eventId(), run.times().changedAt(), fields, run);
    }

    /** A refusal has an event row and no run, so its event is built whether anybody listens or not. */
    void refused(NewRun request, Dispatch.Refused refused) {
        EventFields fields = RunFields.of(request)
                .reason(refused.reason())
                .put(EventField.REASON_CODE, refused.code().code());
        RunId blocker = refused.blocker();
        if (blocker != null) {
            boolean duplicate = refused.code() == RefusalCode.DUPLICATE_DELIVERY;
            fields.put(duplicate ? EventField.EXISTING_RUN_ID : EventField.IN_FLIGHT_RUN_ID, blocker.value());
        }
        if (extra != null) {
            fields.putAll(extra);
        }
        Instant now = parts.events().clock().instant();
        LedgerEvent event = parts.events().build(WorkflowRunEvent.DISPATCH_REFUSED, parts.newId(), now, fields, null);
        parts.calls().counted(RunCommand.REFUSE.call(), () -> {
            parts.store().refused(event);
            return event;
        });
        UnitOfWork unit = parts.unit();
        if (unit == null) {
            parts.events().tell(event);
        } else {
            unit.afterCommit(parts.events().pending(event));
        }
    }

    private void tell(
            EventType type, String eventId, Instant at, Supplier<EventFields> fields, @Nullable WorkflowRun run) {
        if (!parts.events().isWanted(type)) {
            return;
        }
        UnitOfWork unit = parts.unit();
        if (unit == null) {
            parts.events().tell(type, eventId, at, fields, run);
            return;
        }
        LedgerEvent event = parts.events().built(type, eventId, at, fields, run);
        if (event != null) {
            unit.afterCommit(parts.events().pending(event));
        }
    }
}
