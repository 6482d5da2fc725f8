package dev.runledger.redact;

/**
 * Makes text safe to stand on a line: one line, no control or bidirectional characters, no half of a surrogate pair, no longer
 * than allowed. Looks at no more than a few characters beyond what it keeps.
 */
final class Text {
    private static final char REPLACEMENT = '\uFFFD';

    private Text() {}

    /**
     * Returns the text on one line and at most {@code max} characters long; the very same instance where it is that already. Line breaks
     * and tabs become a space, other control, formatting and bidirectional characters are left out, half surrogate pairs become
     * U+FFFD.
     */
    static String clean(String text, int max) {
        int length = Math.min(text.length(), max);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                continue;
            }
            boolean pair =
                    Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (!isHarmless(c)) {
                return cleaned(text, length);
            }
        }
        return text.length() <= max ? text : text.substring(0, length);
    }

    /** The look is bounded by the length, not by how much of it survives: what is left out is not filled up. */
    private static String cleaned(String text, int length) {
        StringBuilder clean = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                continue; // the line feed makes the space
            }
            if (isLineBreak(c) || c == '\t') {
                clean.append(' ');
            } else if (Character.isHighSurrogate(c)) {
                if (i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                    clean.append(c).append(text.charAt(++i));
                } else if (i + 1 < length || text.length() == length) {
                    clean.append(REPLACEMENT);
                } // else the cut would halve a pair: leave it out
            } else if (Character.isLowSurrogate(c)) {
                clean.append(REPLACEMENT);
            } else if (c >= ' ' && (c < 0x7F || isHarmless(c))) {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    private static boolean isLineBreak(char c) {
        return c == '\n' || c == '\r' || c == 0x0B || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** Of the characters from DEL on: printable, on one line, and not able to reorder what is around it. */
    static boolean isHarmless(char c) {
        if (c < 0x7F) {
            return c >= ' ';
        }
        if (c < 0xA0) {
            return false; // DEL and C1, U+0085 among them
        }
        if (c < 0x600) {
            return c != 0xAD; // a soft hyphen hides in words
        }
        if (c == 0x61C || c == 0x180E || c == 0xFEFF) {
            return false;
        }
        if (c >= 0x200B && c <= 0x206F) {
            return c > 0x200F && !(c >= 0x2028 && c <= 0x202E) && c < 0x2060;
        }
        return !Character.isSurrogate(c) && !(c >= 0xFFF0 && c <= 0xFFFB) && c < 0xFFFE;
    }
}
