package dev.runledger.redact;

/** Says where the next digit is. Asked from the start of one text to its end, it reads each character once. */
final class DigitsAhead {
    private final String text;
    private int next;

    DigitsAhead(String text) {
        this.text = text;
    }

    /** Returns whether a digit stands between two indexes. */
    boolean between(int from, int to) {
        next = Math.max(next, from);
        while (next < to && next < text.length() && !Chars.isDigit(text.charAt(next))) {
            next++;
        }
        return next < to && next < text.length();
    }
}
