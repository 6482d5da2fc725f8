package dev.runledger.redact;

/** Finds where values end: quoted ones, bare ones, lists, header values, and blocks of YAML. What it reads, its caller masks. */
final class Values {
    private Values() {}

    /** Returns the index of the quote that opens a value here, past its escapes and the letter of a string literal; -1 if none does. */
    static int openQuote(String text, int at) {
        int i = at;
        if (i + 1 < text.length() && Chars.isQuote(text.charAt(i + 1)) && "bBuUrRfF@".indexOf(text.charAt(i)) >= 0) {
            return i + 1;
        }
        while (i < text.length() && text.charAt(i) == '\\') {
            i++;
        }
        return i < text.length() && Chars.isQuote(text.charAt(i)) ? i : -1;
    }

    /** Returns the end of what a quote at {@code open} began: before the same quote, escaped as that one was; at most the limit. */
    static int endOfQuoted(String text, int open, int limit) {
        int last = Math.min(limit, text.length());
        char quote = text.charAt(open);
        int escapes = escapesBefore(text, open);
        int i = open + 1;
        while (i < last) {
            char c = text.charAt(i);
            if (c == '\\') {
                int slashes = i;
                while (slashes < last && text.charAt(slashes) == '\\') {
                    slashes++;
                }
                int count = slashes - i;
                boolean atQuote = slashes < last && text.charAt(slashes) == quote;
                if (atQuote && (escapes > 0 ? count <= escapes : count % 2 == 0)) {
                    return escapes > 0 ? i : slashes;
                }
                i = atQuote ? slashes + 1 : slashes;
            } else if (c == quote) {
                return i;
            } else {
                i++;
            }
        }
        return last;
    }

    private static int escapesBefore(String text, int at) {
        int escapes = 0;
        while (escapes < at && escapes < 16 && text.charAt(at - 1 - escapes) == '\\') {
            escapes++;
        }
        return escapes;
    }

    /** Returns the end of a value without quotes. */
    static int endOfBare(String text, int at) {
        int i = at;
        while (i < text.length() && !Chars.isValueEnd(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Returns the end of the list or map that opens here, its closing bracket with it. */
    static int endOfBrackets(String text, int at) {
        int depth = 0;
        int i = at;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            } else if (c == '"') {
                i = endOfQuoted(text, i, text.length());
            }
            i++;
        }
        return text.length();
    }

    /**
     * Returns the end of a header's value that stands without quotes. It ends with its line, with a quote that began before it, and with
     * a bracket that did; the quoted parameters of {@code Digest} are part of it. It is not read past the limit.
     */
    static int endOfHeader(String text, int at, int limit) {
        int last = Math.min(limit, text.length());
        int depth = 0;
        int i = at;
        while (i < last) {
            char c = text.charAt(i);
            if (!Chars.mayEndHeader(c)) {
                i++;
                continue;
            }
            if (c == '\n' || c == '\r') {
                return i;
            }
            if (c == '[' || c == '{' || c == '(') {
                depth++;
            } else if ((c == ']' || c == '}' || c == ')') && --depth < 0) {
                return i;
            } else if (Chars.isQuote(c)) {
                int open = i - escapesBefore(text, i);
                if (open == at || text.charAt(open - 1) != '=') {
                    return open;
                }
                i = endOfQuoted(text, i, last) + (i - open);
            }
            i++;
        }
        return last;
    }

    /** Returns whether the sign of a YAML block stands here: {@code |}, {@code >-}, {@code |2+}. */
    static boolean isBlockSign(String text, int at) {
        char c = text.charAt(at);
        if (c != '|' && c != '>') {
            return false;
        }
        int i = afterBlockSign(text, at);
        return i < text.length() && Chars.isBlank(text.charAt(i));
    }

    static int afterBlockSign(String text, int at) {
        int i = at + 1;
        while (i < text.length() && i < at + 3 && "+-123456789".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    /** Returns the end of the block whose first character of content stands here: the lines that are indented as far. */
    static int endOfBlock(String text, int at) {
        int line = at;
        while (line > 0 && Chars.isBlank(text.charAt(line - 1)) && !isLineBreak(text.charAt(line - 1))) {
            line--;
        }
        int indent = at - line;
        boolean ownLine = line > 0 && isLineBreak(text.charAt(line - 1)) && indent > 0;
        if (!ownLine) {
            return endOfJoinedBlock(text, at);
        }
        int end = endOfLine(text, at);
        int next = end;
        while (next < text.length()) {
            int start = next;
            while (start < text.length() && isLineBreak(text.charAt(start))) {
                start++;
            }
            int content = start;
            while (content < text.length() && (text.charAt(content) == ' ' || text.charAt(content) == '\t')) {
                content++;
            }
            if (content - start < indent || content == text.length()) {
                return end;
            }
            next = endOfLine(text, content);
            end = next;
        }
        return end;
    }

    /** Where lines were joined to one, a block goes on to the next word with a colon behind it, which is the next name. */
    private static int endOfJoinedBlock(String text, int at) {
        int end = endOfBare(text, at);
        int word = Chars.skipBlanks(text, end);
        while (word > end && word < text.length()) {
            int next = word;
            while (next < text.length() && !Chars.isBlank(text.charAt(next))) {
                next++;
            }
            if (text.charAt(next - 1) == ':') {
                return end;
            }
            end = next;
            word = Chars.skipBlanks(text, end);
        }
        return end;
    }

    private static int endOfLine(String text, int at) {
        int i = at;
        while (i < text.length() && !isLineBreak(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isLineBreak(char c) {
        return c == '\n' || c == '\r';
    }
}
