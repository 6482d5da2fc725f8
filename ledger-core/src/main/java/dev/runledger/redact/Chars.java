package dev.runledger.redact;

/** Sorts characters into the classes that a scan asks for. */
final class Chars {
    private static final short LETTER = 1;
    private static final short DIGIT = 2;
    private static final short URL64 = 4;
    private static final short KEY = 8;
    private static final short VALUE_END = 16;
    private static final short VOWEL = 32;
    private static final short ODD = 64;
    private static final short CLAUSE_END = 128;
    private static final short HEADER_STOP = 256;
    private static final short QUOTE = 512;
    private static final short[] CLASSES = classes();

    private Chars() {}

    private static short[] classes() {
        short[] classes = new short[128];
        for (char c = 0; c < classes.length; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            int sorted = (letter ? LETTER : 0) | (digit ? DIGIT : 0);
            if (letter || digit || c == '-' || c == '_') {
                sorted |= URL64 | KEY;
            }
            if (c == '.') {
                sorted |= KEY;
            }
            if (c <= ' ' || ",;&)]}\"'`|<>".indexOf(c) >= 0) {
                sorted |= VALUE_END;
            }
            if ("aeiouyAEIOUY".indexOf(c) >= 0) {
                sorted |= VOWEL;
            }
            if ("!#$%^&*?+@".indexOf(c) >= 0) {
                sorted |= ODD;
            }
            if (",;\")]}|\n\\=:<[".indexOf(c) >= 0) {
                sorted |= CLAUSE_END;
            }
            if ("\n\r[]{}()\"'`".indexOf(c) >= 0) {
                sorted |= HEADER_STOP;
            }
            if ("\"'`".indexOf(c) >= 0) {
                sorted |= QUOTE;
            }
            classes[c] = (short) sorted;
        }
        return classes;
    }

    private static boolean is(char c, int what) {
        return c < 128 && (CLASSES[c] & what) != 0;
    }

    static boolean isLetter(char c) {
        return is(c, LETTER);
    }

    static boolean isVowel(char c) {
        return is(c, VOWEL);
    }

    /** Returns whether this is a symbol that passwords have and names have not. */
    static boolean isOdd(char c) {
        return is(c, ODD);
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isDigit(char c) {
        return is(c, DIGIT);
    }

    /** Returns whether this is an ASCII letter or digit: what words and most tokens are made of. */
    static boolean isAlphanumeric(char c) {
        return is(c, LETTER | DIGIT);
    }

    /** Returns whether this is in the alphabet of base64url. */
    static boolean isUrl64(char c) {
        return is(c, URL64);
    }

    /** Returns whether a name may have this. Letters of any script count, and marks: a name is asked about after they are folded. */
    static boolean isKeyPart(char c) {
        if (c < 128) {
            return (CLASSES[c] & KEY) != 0;
        }
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || isInvisible(c);
    }

    /** Returns whether this adds nothing to a name that a reader sees: formats, joiners, marks, fillers, and controls. */
    static boolean isInvisible(int point) {
        int type = Character.getType(point);
        return type == Character.FORMAT
                || type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || (type == Character.CONTROL && !isBlank((char) point))
                || (point >= 0x115F && point <= 0x1160)
                || point == 0x3164
                || point == 0xFFA0;
    }

    /** Returns whether this is white space of any kind, a line break among them. */
    static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x80 && (c == 0x85 || Character.isSpaceChar(c)));
    }

    /** Returns whether this ends a value that stands without quotes. */
    static boolean isValueEnd(char c) {
        return c < 128 ? (CLASSES[c] & VALUE_END) != 0 : isBlank(c);
    }

    /** Returns whether this ends a clause of prose. */
    static boolean isClauseEnd(char c) {
        return is(c, CLAUSE_END);
    }

    /** Returns whether the value of a header may end here: at a line break, a bracket or a quote. */
    static boolean mayEndHeader(char c) {
        return is(c, HEADER_STOP);
    }

    static boolean isQuote(char c) {
        return is(c, QUOTE);
    }

    /** Returns the ASCII letter in lower case; anything else as it is. */
    static char lower(char c) {
        return isUpper(c) ? (char) (c | 0x20) : c;
    }

    /** Returns whether lower-case words of ASCII stand here, in whatever case. */
    static boolean standsAt(String text, int at, String lower) {
        if (at < 0 || at > text.length() - lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower(text.charAt(at + i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the end of the run of letters and digits that starts here. */
    static int endOfWord(String text, int at) {
        int i = at;
        while (i < text.length() && isAlphanumeric(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Returns the end of the run of base64url that starts here. */
    static int endOfUrl64(String text, int at) {
        int i = at;
        while (i < text.length() && isUrl64(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Returns the index of the first character from here on that is no white space. */
    static int skipBlanks(String text, int at) {
        int i = at;
        while (i < text.length() && isBlank(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Returns whether a word may start here: what stands before is no letter and no digit. */
    static boolean isWordStart(String text, int at) {
        return at == 0 || !isAlphanumeric(text.charAt(at - 1));
    }
}
