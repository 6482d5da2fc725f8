package dev.runledger.jdbi;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a column of text can hold: no NUL, which PostgreSQL has no place for, and no half of a surrogate pair, which has no form in
 * UTF-8 and which the drivers turn into a question mark.
 */
final class TextColumn {
    private static final char REPLACEMENT = '\uFFFD';

    private TextColumn() {}

    /** Whether a row can have each of these texts; a null is none. */
    static boolean canHold(@Nullable String... texts) {
        return Stream.of(texts)
                .allMatch(text ->
                        text == null || (text.indexOf('\0') < 0 && whole(text).equals(text)));
    }

    /** A text that can be bound, and that no id stands on another side of: to PostgreSQL, after a NUL comes U+0001. */
    static String near(String text, Dialect dialect) {
        String whole = whole(text);
        return dialect == Dialect.POSTGRESQL ? whole.replace('\0', '\u0001') : whole;
    }

    private static String whole(String text) {
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            whole.appendCodePoint(half ? REPLACEMENT : point);
        });
        return whole.toString();
    }
}
