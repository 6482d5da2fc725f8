package dev.runledger.sink;

import dev.runledger.event.EventContract;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.Limits;
import dev.runledger.event.Redactor;
import dev.runledger.run.ErrorCategorizer;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The fields that a host in transition keeps on its log lines, where the event's contract does not own the name. */
final class LegacyFields {
    private final Function<LedgerEvent, Map<String, String>> source;
    private final EventContract contract;

    LegacyFields(Function<LedgerEvent, Map<String, String>> source, Redactor redactor) {
        this.source = source;
        this.contract = new EventContract(redactor, Limits.standard(), ErrorCategorizer.standard());
    }

    void forEach(LedgerEvent event, BiConsumer<String, Object> line) {
        source.apply(event).forEach((name, value) -> {
            boolean owned = EventField.ofName(name).map(event.type()::owns).orElse(false);
            if (!owned && value != null && !event.fields().containsKey(name) && contract.isFreeName(name)) {
                line.accept(name, contract.value(name, value));
            }
        });
    }
}
