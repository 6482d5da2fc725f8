package dev.runledger.redact;

import dev.runledger.redact.SecretNames.Strength;

/**
 * Remembers the last name of a pair, for a value that follows: {@code {"name":"Authorization","value":"x"}}, {@code
 * <name>password</name><value>x</value>}. A value before its name is not seen.
 */
final class PairedNames {
    private static final int REACH = 160;
    private static final WordList NAMES = WordList.of("""
            name key header headername field variable param property
            """);
    private static final WordList VALUES = WordList.of("""
            value val values headervalue
            """);

    private final String text;
    private final SecretNames names;
    private Strength strength = Strength.NONE;
    private int start;
    private int end;

    PairedNames(String text, SecretNames names) {
        this.text = text;
        this.names = names;
    }

    /** Returns whether a key says that its value is the name of something. */
    static boolean isName(String key) {
        return NAMES.has(key, 0, key.length());
    }

    /** Returns whether a key says that its value is that of the name beside it. */
    static boolean isValue(String key) {
        return VALUES.has(key, 0, key.length());
    }

    boolean isName(int from, int to) {
        return NAMES.has(text, from, to);
    }

    /** Returns whether this is the key of the value that belongs to the name that was remembered. */
    boolean isValue(int from, int to) {
        return strength != Strength.NONE && from - end < REACH && isValue(text.substring(from, to));
    }

    /** Remembers the name that stands here, in quotes or not. */
    void remember(int at) {
        int quote = Values.openQuote(text, at);
        start = quote < 0 ? at : quote + 1;
        end = start;
        while (end < text.length() && end - start < 64 && Chars.isKeyPart(text.charAt(end))) {
            end++;
        }
        strength = names.of(text, start, end);
    }

    /** Returns where the content of an element begins whose attribute was just remembered: {@code <entry key="password">x}; else -1. */
    int contentAt() {
        boolean closed = strength != Strength.NONE
                && end + 1 < text.length()
                && text.charAt(end) == '"'
                && text.charAt(end + 1) == '>';
        return closed ? Chars.skipBlanks(text, end + 2) : -1;
    }

    Strength strength() {
        return strength;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }
}
