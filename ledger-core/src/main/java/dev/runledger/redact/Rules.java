package dev.runledger.redact;

import java.util.EnumSet;
import java.util.Set;

/** What an application made of the known names and shapes. */
record Rules(SecretNames names, Set<Shape> disabled, Set<String> allowedTexts) {
    /** Copies the sets. */
    Rules {
        disabled = disabled.isEmpty() ? EnumSet.noneOf(Shape.class) : EnumSet.copyOf(disabled);
        allowedTexts = Set.copyOf(allowedTexts);
    }

    /** Returns whether a secret of this shape stays readable. */
    boolean isAllowed(Shape shape, String text, int from, int to) {
        return disabled.contains(shape) || (!allowedTexts.isEmpty() && allowedTexts.contains(text.substring(from, to)));
    }
}
