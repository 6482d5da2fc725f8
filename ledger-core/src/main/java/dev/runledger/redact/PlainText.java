package dev.runledger.redact;

import java.util.stream.Stream;

/**
 * Finds in one quick pass the texts that need no look at all: printable ASCII on one line in which no known shape of a secret can
 * begin. Nearly every value is one, and each is asked about on the path of every event.
 *
 * <p>Short ones that were found plain are remembered, up to a few hundred: the names of workflows, projects and triggers come again
 * with every event. The table is written without a lock; what a race loses is a string to be looked at again.
 */
final class PlainText {
    private static final int REMEMBERED = 512;
    private static final int LONGEST_REMEMBERED = 64;

    private static final byte BORING = 0;
    private static final byte SUSPICIOUS = 1;
    private static final byte WORD = 2;
    private static final byte DIGIT = 3;
    private static final byte DASH = 4;
    private static final byte ANGLE = 5;
    private static final byte[] KINDS = kinds();
    private static final boolean[] STARTS = starts();
    private static final int UUID_LENGTH = 36;
    private static final boolean[] HEX = hex();

    private final String[] remembered = new String[REMEMBERED];

    boolean isPlain(String text) {
        if (text.length() == UUID_LENGTH && isUuid(text)) {
            return true; // ids are rarely seen twice, and their digits are no card's
        }
        if (text.length() > LONGEST_REMEMBERED) {
            return look(text);
        }
        int slot = text.hashCode() & (REMEMBERED - 1);
        if (text.equals(remembered[slot])) {
            return true;
        }
        boolean plain = look(text);
        if (plain) {
            remembered[slot] = text;
        }
        return plain;
    }

    private static boolean isUuid(String text) {
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (c >= KINDS.length || (dash ? c != '-' : !HEX[c])) {
                return false;
            }
        }
        return true;
    }

    private static boolean look(String text) {
        int digits = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c >= KINDS.length) {
                return false;
            }
            byte kind = KINDS[c];
            if (kind == WORD) {
                if (mayStartShape(text, i) && startsShape(text, i)) {
                    return false;
                }
                i = Chars.endOfWord(text, i); // inside of a word no shape begins
                continue;
            }
            if (kind == DIGIT) {
                digits++;
                if (c == '1' && text.startsWith("//0", i + 1)) {
                    return false; // a refresh token of Google
                }
            } else if (kind != BORING && isSuspicious(kind, text, i)) {
                return false;
            }
            i++;
        }
        return digits < CardNumbers.MIN_DIGITS || !hasLongNumber(text);
    }

    private static boolean isSuspicious(byte kind, String text, int at) {
        if (kind == SUSPICIOUS) {
            return true;
        }
        if (kind == DASH) {
            return (at + 1 < text.length() && text.charAt(at + 1) == '-') || CommandLogins.mayStart(text, at);
        }
        return kind == ANGLE && at + 1 < text.length() && Chars.isKeyPart(text.charAt(at + 1));
    }

    private static boolean startsShape(String text, int at) {
        return IssuedKeys.mayStart(text, at) || HttpCredentials.mayStart(text, at) || text.startsWith("eyJ", at);
    }

    /** Returns whether a shape may begin with the letter here: a look at two letters at the start of a word, enough for most words. */
    static boolean mayStartShape(String text, int at) {
        if (!Chars.isWordStart(text, at) || at + 1 == text.length()) {
            return false;
        }
        char second = text.charAt(at + 1);
        return second < 128 && STARTS[text.charAt(at) << 7 | second];
    }

    /** Returns whether as many digits as a card number has stand together, in groups or not. */
    private static boolean hasLongNumber(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                if (++digits >= CardNumbers.MIN_DIGITS) {
                    return true;
                }
            } else if (c != ' ' && c != '-') {
                digits = 0;
            }
        }
        return false;
    }

    private static boolean[] starts() {
        boolean[] starts = new boolean[128 * 128];
        Stream.concat(
                        IssuedKeys.prefixes(),
                        Stream.of("eyJ", "Be", "BE", "be", "bE", "Ba", "BA", "ba", "bA", "Di", "AW", "Ne", "NT", "Sh"))
                .forEach(prefix -> starts[prefix.charAt(0) << 7 | prefix.charAt(1)] = true);
        return starts;
    }

    private static boolean[] hex() {
        boolean[] hex = new boolean[128];
        for (char c : "0123456789abcdefABCDEF".toCharArray()) {
            hex[c] = true;
        }
        return hex;
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[128];
        for (int c = 0; c < kinds.length; c++) {
            if (c < ' ' || c == 0x7F || c == '=' || c == ':') {
                kinds[c] = SUSPICIOUS;
            } else if (c >= '0' && c <= '9') {
                kinds[c] = DIGIT;
            } else if (c == '-') {
                kinds[c] = DASH;
            } else if (c == '<') {
                kinds[c] = ANGLE;
            } else if (Chars.isLetter((char) c)) {
                kinds[c] = WORD;
            }
        }
        return kinds;
    }
}
