package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.redact.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds what an event itself shows to be wrong with it, at the moment at which it is emitted. */
final class EventChecks {
    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final Supplier<Optional<String>> openTransaction;
    private final @Nullable Set<String> customFields;

    /**
     * Makes checks for one kit.
     *
     * @param openTransaction returns where the open transaction of this thread began, or empty if it has none
     * @param customFields the only custom fields that are allowed, or null for any
     */
    EventChecks(Supplier<Optional<String>> openTransaction, @Nullable Set<String> customFields) {
        this.openTransaction = openTransaction;
        this.customFields = customFields;
    }

    List<Breach> of(RecordedEvent recorded) {
        LedgerEvent event = recorded.event();
        List<Breach> breaches = new ArrayList<>();
        event.text(EventField.CONTRACT_VIOLATION)
                .ifPresent(violation -> breaches.add(breach(Breach.Kind.VIOLATION, recorded, "says " + violation)));
        if (!ids.add(event.eventId())) {
            breaches.add(breach(
                    Breach.Kind.EMITTED_TWICE, recorded, "was emitted again, as the same event " + event.eventId()));
        }
        Optional<String> open = openTransaction.get();
        if (open.isPresent()) {
            breaches.add(breach(
                    Breach.Kind.OPEN_TRANSACTION,
                    recorded,
                    "was emitted while a transaction of its thread was open, begun at " + open.get()));
        }
        if (!History.isEcho(recorded)) { // what is wrong with an echo is wrong with what it echoes
            values(recorded, breaches);
        }
        return breaches;
    }

    private void values(RecordedEvent recorded, List<Breach> breaches) {
        LedgerEvent event = recorded.event();
        List<String> masked = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        event.fields().forEach((name, value) -> {
            if (value instanceof String text && text.contains(Redactor.MASK)) {
                masked.add(name);
            }
            if (customFields != null
                    && !customFields.contains(name)
                    && EventField.ofName(name).isEmpty()) {
                unknown.add(name);
            }
        });
        if (!masked.isEmpty()) {
            breaches.add(breach(
                    Breach.Kind.REDACTED, recorded, "had what looks like a secret in " + String.join(", ", masked)));
        }
        if (!unknown.isEmpty()) {
            breaches.add(breach(
                    Breach.Kind.UNKNOWN_FIELD,
                    recorded,
                    "has custom fields that the test does not allow: " + String.join(", ", unknown)));
        }
        if (event.get(EventField.TRUNCATED).equals(Optional.of(true))) {
            breaches.add(breach(Breach.Kind.TRUNCATED, recorded, "had a value that was too long and was cut"));
        }
    }

    static Breach breach(Breach.Kind kind, RecordedEvent recorded, String what) {
        String run = recorded.runId().isEmpty() ? "" : " of run " + recorded.runId();
        return new Breach(kind, recorded.event().eventName() + run + " " + what, recorded.line());
    }
}
