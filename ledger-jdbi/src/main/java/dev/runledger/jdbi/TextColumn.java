package dev.runledger.jdbi;

/**
 * Knows what a column of text can hold: no NUL, which PostgreSQL refuses, and no half of a surrogate pair, which UTF-8 cannot express
 * and which the drivers turn into a question mark.
 */
final class TextColumn {
    private static final char REPLACEMENT = '\uFFFD';

    private TextColumn() {}

    /** Returns whether a row can have this text. */
    static boolean canHold(String text) {
        return text.indexOf('\0') < 0 && whole(text).equals(text);
    }

    /** Returns a text that can be bound and sorts like this one among all ids: for PostgreSQL, a NUL becomes U+0001. */
    static String near(String text, Database database) {
        String whole = whole(text);
        return database == Database.POSTGRESQL ? whole.replace('\0', '\u0001') : whole;
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
