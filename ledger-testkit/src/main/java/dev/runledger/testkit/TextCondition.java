package dev.runledger.testkit;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;
import java.util.function.Function;

/** Demands that no text of a class has a fault. */
final class TextCondition extends ArchCondition<JavaClass> {
    private static final int SHOWN = 120;

    private final Function<String, Optional<String>> fault;

    /**
     * Makes a condition on each text of a class.
     *
     * @param description what the class should do, to follow "classes should"
     * @param fault what is wrong with a text, or empty
     */
    TextCondition(String description, Function<String, Optional<String>> fault) {
        super(description);
        this.fault = fault;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        for (String text : ClassTexts.of(type)) {
            fault.apply(text).ifPresent(wrong -> {
                String message = "Class <%s> has the text \"%s\" in %s: %s"
                        .formatted(type.getFullName(), shown(text), type.getSourceCodeLocation(), wrong);
                events.add(SimpleConditionEvent.violated(type, message));
            });
        }
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "\u2026";
    }
}
