package dev.runledger.sink;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Adds the fields that an application in transition keeps on its log lines, unless they clash with what is on the line. */
final class LegacyFields {
    private final Function<LedgerEvent, Map<String, String>> source;
    private final Sanitizer sanitizer;

    LegacyFields(Function<LedgerEvent, Map<String, String>> source, Redactor redactor) {
        this.source = source;
        this.sanitizer = Sanitizer.of(redactor, Limits.standard());
    }

    /** Hands over the fields that can stand on the line, whose names are as they are written there. */
    void forEach(LedgerEvent event, LineNames naming, List<String> written, BiConsumer<String, Object> line) {
        source.apply(event).forEach((name, value) -> {
            if (name == null || value == null || !EventField.isFree(name) || !sanitizer.isPlainName(name)) {
                return;
            }
            boolean owned = EventField.ofName(name).map(event.type()::owns).orElse(false);
            boolean free = !owned || !naming.of(name).equals(name);
            for (int i = 0; free && i < written.size(); i++) {
                free = !MdcGuard.clash(name, written.get(i));
            }
            if (free) {
                line.accept(name, sanitizer.value(name, value));
            }
        });
    }
}
