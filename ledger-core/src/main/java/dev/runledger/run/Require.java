package dev.runledger.run;

import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The checks that the records of this package make of names and ids, so that the message names a bad one where it came in. */
final class Require {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private static final int SHOWN = 64;

    private Require() {}

    /** Checks a name on one line: not blank, at most {@code max} characters, no control, line-breaking or bidirectional character. */
    static String name(String what, String value, int max) {
        Objects.requireNonNull(value, what);
        if (value.isBlank()) {
            throw new IllegalArgumentException(what + " is blank: expected 1 to " + max + " characters");
        }
        return optionalName(what, value, max);
    }

    /** Checks a name as {@link #name} does, but lets it be empty. */
    static String optionalName(String what, String value, int max) {
        Objects.requireNonNull(value, what);
        if (value.length() > max) {
            throw new IllegalArgumentException("%s has %s characters, at most %s are allowed: %s"
                    .formatted(what, value.length(), max, shown(value)));
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || (c >= 0x7F && isUnprintable(value, i))) {
                throw new IllegalArgumentException("%s has U+%s at position %s, expected printable characters: %s"
                        .formatted(what, HEX.toHexDigits(c), i, shown(value)));
            }
        }
        return value;
    }

    static @Nullable String nullableName(String what, @Nullable String value, int max) {
        return value == null ? null : name(what, value, max);
    }

    /** Checks an id: 1 to 128 of letters, digits, {@code -}, {@code _}, {@code .} and {@code ~}, so that it fits into an event id and a path. */
    static String id(String what, String value) {
        Objects.requireNonNull(value, what);
        boolean good = !value.isEmpty() && value.length() <= 128;
        for (int i = 0; good && i < value.length(); i++) {
            char c = value.charAt(i);
            good = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.'
                    || c == '~';
        }
        if (!good) {
            throw new IllegalArgumentException("%s is '%s': expected 1 to 128 characters out of A-Z a-z 0-9 - _ . ~"
                    .formatted(what, shown(value)));
        }
        return value;
    }

    /** Checks a text of any length: no U+0000 and no half of a surrogate pair, which not every database keeps. */
    static String storable(String what, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0 || (Character.isSurrogate(c) && isUnprintable(value, i))) {
                throw new IllegalArgumentException(
                        "%s has U+%s at position %s, expected JSON".formatted(what, HEX.toHexDigits(c), i));
            }
        }
        return value;
    }

    private static boolean isUnprintable(String value, int index) {
        char c = value.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 >= value.length() || !Character.isLowSurrogate(value.charAt(index + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return index == 0 || !Character.isHighSurrogate(value.charAt(index - 1));
        }
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** Returns the size of a text that nobody has redacted yet, for a {@code toString}. */
    static String size(@Nullable Object text) {
        return text == null ? "none" : text.toString().length() + " characters";
    }

    private static String shown(String value) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(value.length(), SHOWN); i++) {
            char c = value.charAt(i);
            shown.append(c < ' ' || (c >= 0x7F && isUnprintable(value, i)) ? '?' : c);
        }
        return value.length() > SHOWN ? shown + "..." : shown.toString();
    }
}
