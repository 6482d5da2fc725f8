package dev.runledger.redact;

import dev.runledger.redact.SecretNames.Strength;
import org.jspecify.annotations.Nullable;

/**
 * The value behind a name that may be a secret's. What decides is read up to a limit; only a value that is a secret is read to its end.
 *
 * @param at where the value begins, after the separator and white space
 * @param assigned whether it is assigned, as by {@code =} or by a quoted name, and not said after a colon
 */
record NamedValue(String text, int at, Strength strength, boolean assigned) {
    private static final int LIMIT = 128;
    private static final int HEADER_LIMIT = 64;
    private static final String CDATA = "<![CDATA[";

    /** Returns what of the value is a secret, or null. */
    @Nullable
    Span secret() {
        if (at >= text.length()) {
            return null;
        }
        if (text.startsWith(Redactor.MASK, at)) {
            return new Span(at, at + Redactor.MASK.length());
        }
        if (Values.isBlockSign(text, at)) {
            return ofBlock(Chars.skipBlanks(text, Values.afterBlockSign(text, at)));
        }
        int quote = Values.openQuote(text, at);
        if (quote >= 0) {
            return ofQuoted(quote);
        }
        char c = text.charAt(at);
        if (c == '[' || (c == '{' && !text.startsWith("{{", at))) {
            return ofBrackets(c);
        }
        return ofBare(c == '<' || c == '(' ? at + 1 : at);
    }

    private boolean isSure(boolean quoted) {
        return strength == Strength.STRONG || (strength == Strength.ASSIGNED && (assigned || quoted));
    }

    private @Nullable Span ofBare(int from) {
        if (isSure(false)) {
            int to = Values.endOfBare(text, from);
            boolean none = ValueLook.isNextName(text, from) || ValueLook.isNoValue(text, from, to) || isPlaceholder(to);
            return none || ValueLook.isCheckProse(text, from, text.length()) ? null : new Span(from, to);
        }
        int part = from; // up to where another name may end, which is read in its turn
        while (part < text.length()
                && part - from < LIMIT
                && !Chars.isValueEnd(text.charAt(part))
                && text.charAt(part) != ':'
                && text.charAt(part) != '=') {
            part++;
        }
        boolean secret = ValueLook.looksSecret(text, from, part) && !ValueLook.isNoValue(text, from, part);
        return secret ? new Span(from, Values.endOfBare(text, from)) : null;
    }

    /** {@code <your-token>} and {@code {password}}, whose end is no part of a bare value. */
    private boolean isPlaceholder(int to) {
        char c = text.charAt(at);
        return (c == '<' || c == '{') && to < text.length() && ValueLook.isNoValue(text, at, to + 1);
    }

    private @Nullable Span ofQuoted(int quote) {
        int from = quote + 1;
        int seen = Values.endOfQuoted(text, quote, from + LIMIT);
        if (text.startsWith(Redactor.MASK, from)) {
            return new Span(from, from + Redactor.MASK.length());
        }
        boolean secret =
                isSure(true) ? !ValueLook.isExcused(text, from, seen) : ValueLook.hasSecretPart(text, from, seen);
        return secret ? new Span(from, Values.endOfQuoted(text, quote, text.length())) : null;
    }

    private @Nullable Span ofBrackets(char open) {
        int first = Chars.skipBlanks(text, at + 1);
        if (first >= text.length() || text.charAt(first) == ']' || text.charAt(first) == '}') {
            return null;
        }
        boolean secret;
        if (isSure(true)) {
            secret = open == '[' || !isDescription(first);
        } else {
            int end = first; // no further than where another list begins, which is read in its turn
            while (end < text.length() && end - first < 2 * LIMIT && "[]{}".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            secret = open == '[' && ValueLook.hasSecretPart(text, first, end);
        }
        return secret ? new Span(at, Values.endOfBrackets(text, at)) : null;
    }

    /** A map that describes a value, as a JSON schema does, or a name to be filled in. */
    private boolean isDescription(int first) {
        int quote = Values.openQuote(text, first);
        int from = quote < 0 ? first : quote + 1;
        int to = from;
        while (to < text.length() && to - from < 24 && (Chars.isKeyPart(text.charAt(to)) || text.charAt(to) == '$')) {
            to++;
        }
        boolean placeholder =
                quote < 0 && to < text.length() && text.charAt(to) == '}' && ValueLook.isNoValue(text, at, to + 1);
        return placeholder || ValueLook.isSchemaWord(text.substring(from, to));
    }

    private @Nullable Span ofBlock(int content) {
        int to = Values.endOfBlock(text, content);
        boolean secret =
                isSure(true) ? !ValueLook.isNoValue(text, content, to) : ValueLook.hasSecretPart(text, content, to);
        return secret ? new Span(content, to) : null;
    }

    /** Returns the secret of an {@code Authorization} header: the scheme stays readable. */
    @Nullable
    Span credentials() {
        int quote = Values.openQuote(text, at);
        if (quote < 0 && (text.charAt(at) == '[' || text.charAt(at) == '{' || Values.isBlockSign(text, at))) {
            return secret();
        }
        if (quote < 0 && ValueLook.isNextName(text, at)) {
            return null;
        }
        int from = quote < 0 ? at : quote + 1;
        int limit = from + HEADER_LIMIT;
        int seen = quote < 0 ? Values.endOfHeader(text, from, limit) : Values.endOfQuoted(text, quote, limit);
        Span found = HttpCredentials.inHeader(text, from, seen);
        if (found == null || found.to() < seen) {
            return found;
        }
        int end = quote < 0
                ? Values.endOfHeader(text, from, text.length())
                : Values.endOfQuoted(text, quote, text.length());
        return HttpCredentials.inHeader(text, from, end);
    }

    /** Returns the cookies of a header, or of a list or map of them; null if it is a sentence about cookies. */
    @Nullable
    Span cookies() {
        int quote = Values.openQuote(text, at);
        if (quote >= 0) {
            boolean cookie = HttpCredentials.isCookie(text, quote + 1);
            return cookie ? new Span(quote + 1, Values.endOfQuoted(text, quote, text.length())) : ofQuoted(quote);
        }
        if (text.charAt(at) == '[' || text.charAt(at) == '{') {
            int inner = Values.openQuote(text, at + 1);
            boolean cookie = HttpCredentials.isCookie(text, inner < 0 ? at + 1 : inner + 1);
            return cookie ? new Span(at, Values.endOfBrackets(text, at)) : secret();
        }
        return HttpCredentials.isCookie(text, at)
                ? new Span(at, Values.endOfHeader(text, at, text.length()))
                : secret();
    }

    /** Returns the secret of an element of XML, which ends with the next tag; null if it is none. */
    @Nullable
    Span ofElement() {
        boolean data = text.startsWith(CDATA, at);
        int from = data ? at + CDATA.length() : at;
        String close = data ? "]]>" : "<";
        int seen = endOfElement(from, close, Math.min(text.length(), from + LIMIT));
        boolean secret =
                isSure(true) ? !ValueLook.isExcused(text, from, seen) : ValueLook.hasSecretPart(text, from, seen);
        return secret ? new Span(from, endOfElement(from, close, text.length())) : null;
    }

    private int endOfElement(int from, String close, int limit) {
        char closes = close.charAt(0);
        int to = from;
        while (to < limit && (text.charAt(to) != closes || !text.startsWith(close, to))) {
            to++;
        }
        while (to > from && Chars.isBlank(text.charAt(to - 1))) {
            to--;
        }
        return to;
    }
}
