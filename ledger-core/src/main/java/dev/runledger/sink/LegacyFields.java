package dev.runledger.sink;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Adds the fields that an application in transition keeps on its log lines, unless the event contract owns the name. */
final class LegacyFields {
    private final Function<LedgerEvent, Map<String, String>> source;
    private final Sanitizer sanitizer;

    LegacyFields(Function<LedgerEvent, Map<String, String>> source, Redactor redactor) {
        this.source = source;
        this.sanitizer = Sanitizer.of(redactor, Limits.standard());
    }

    void forEach(LedgerEvent event, BiConsumer<String, Object> line) {
        source.apply(event).forEach((name, value) -> {
            boolean owned = EventField.ofName(name).map(event.type()::owns).orElse(false);
            boolean free = !owned && !event.fields().containsKey(name) && EventField.isFree(name);
            if (free && value != null && sanitizer.isPlainName(name)) {
                line.accept(name, sanitizer.value(name, value));
            }
        });
    }
}
