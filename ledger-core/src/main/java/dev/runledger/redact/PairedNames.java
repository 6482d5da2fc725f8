package dev.runledger.redact;

import dev.runledger.redact.SecretNames.Name;
import dev.runledger.redact.SecretNames.Strength;
import org.jspecify.annotations.Nullable;

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
    private @Nullable Name name;
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
        return name != null && from - end < REACH && VALUES.has(text, from, to);
    }

    /** Remembers the name that stands here, in quotes or not, and returns it if it is a secret's. */
    @Nullable
    Name remember(int at) {
        int quote = Values.openQuote(text, at);
        int start = quote < 0 ? at : quote + 1;
        end = start;
        while (end < text.length() && end - start < 64 && Chars.isKeyPart(text.charAt(end))) {
            end++;
        }
        Name judged = names.of(text, start, end);
        name = judged.strength() == Strength.NONE ? null : judged;
        return name;
    }

    /** Returns where the content of an element begins whose attribute was just remembered: {@code <entry key="password">x}; else -1. */
    int contentAt() {
        boolean closed = end + 1 < text.length() && text.charAt(end) == '"' && text.charAt(end + 1) == '>';
        return closed ? Chars.skipBlanks(text, end + 2) : -1;
    }

    /** Returns the secret's name that was remembered; null if there is none. */
    @Nullable
    Name name() {
        return name;
    }
}
