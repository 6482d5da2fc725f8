package dev.runledger.redact;

import org.jspecify.annotations.Nullable;

/**
 * One pass over one text that masks the known shapes of secrets. Every look ahead is either bounded by a small constant or
 * consumes what it looked at, so that the pass is linear whatever the text is. Used by one thread, once.
 */
final class SecretScan {
    private static final int MAX_KEY = 64;

    /** A user name this long is a token in its place. */
    private static final int TOKEN_AS_USER = 20;

    private final String text;
    private final SecretNames names;
    private final boolean cards;
    private @Nullable StringBuilder out;
    private int copied;
    private int noWebTokenBefore;
    private int firstMasked = -1;

    SecretScan(String text, SecretNames names, boolean cards) {
        this.text = text;
        this.names = names;
        this.cards = cards;
    }

    /** Returns the text with its secrets masked, or the same instance if it has none. */
    String redact() {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int next = switch (c) {
                case '=', ':' -> afterSeparator(i);
                case '-' -> afterDash(i);
                default -> isLetterOrDigit(c) && isWordStart(i) ? afterWord(i) : i + 1;
            };
            if (out != null && firstMasked < 0) {
                firstMasked = i;
            }
            i = Math.max(next, i + 1);
        }
        StringBuilder masked = out;
        return masked == null
                ? text
                : masked.append(text, copied, text.length()).toString();
    }

    /** Redacts, and returns the rule that masked first, as a phrase; null if none did. */
    @Nullable
    String rule() {
        redact();
        int at = firstMasked;
        if (at < 0) {
            return null;
        }
        char c = text.charAt(at);
        return switch (c) {
            case '=', ':' -> ruleOfSeparator(at);
            case '-' ->
                text.startsWith("-----BEGIN ", at) ? "a private key block" : "an option with the name of a secret";
            case 'B', 'b' -> "the credentials of a Bearer or Basic header";
            case 'e' -> "a JSON web token";
            default ->
                isLetter(c) ? "the prefix '" + SecretPrefixes.keyAt(text, at) + "' of issued keys" : "a card number";
        };
    }

    private String ruleOfSeparator(int at) {
        if (text.startsWith("://", at) || text.startsWith(":oracle:thin:", at)) {
            return "a URL with a password";
        }
        String key = keyBefore(at);
        return "a value under '%s', the name of a secret unless Redactor.Builder.openName(\"%s\") exempts it"
                .formatted(key, key);
    }

    // ---- names and their values

    private int afterSeparator(int at) {
        if (text.startsWith("://", at)) {
            return afterScheme(at + 3);
        }
        if (text.startsWith(":oracle:thin:", at)) {
            return afterOracle(at + ":oracle:thin:".length());
        }
        String key = keyBefore(at);
        if (key == null || !names.isSecret(key)) {
            return at + 1;
        }
        int value = skipBlanks(at + 1);
        if (isHeader(key, "authorization")) {
            return maskCredentials(value);
        }
        if (isHeader(key, "cookie") && !isQuote(value)) {
            return maskTo(value, endOfHeader(value));
        }
        return maskValue(value);
    }

    /** A quote, escaped or not: what it opens ends with it, in a header too that stands as a string of JSON. */
    private boolean isQuote(int at) {
        return at < text.length() && isQuoteOrSpace(text.charAt(at)) && text.charAt(at) != ' ';
    }

    /** Returns the name that ends just before a separator, in quotes or not; null where there is none worth asking about. */
    private @Nullable String keyBefore(int at) {
        int end = at;
        while (end > 0 && at - end < 3 && isQuoteOrSpace(text.charAt(end - 1))) {
            end--;
        }
        int start = end;
        while (start > 0 && end - start < MAX_KEY && isKeyPart(text.charAt(start - 1))) {
            start--;
        }
        return end - start < 3 || !names.mayEndSecret(text, end) ? null : text.substring(start, end);
    }

    private static boolean isHeader(String key, String name) {
        int from = key.length() - name.length();
        return from >= 0 && key.regionMatches(true, from, name, 0, name.length());
    }

    private int maskValue(int at) {
        if (at < text.length() && text.charAt(at) == '[' && !text.startsWith(Redactor.MASK, at)) {
            int end = text.indexOf(']', at);
            return maskTo(at, end < 0 ? text.length() : end + 1); // a list of secrets
        }
        int open = at < text.length() && text.charAt(at) == '\\' ? at + 1 : at;
        if (open < text.length() && (text.charAt(open) == '"' || text.charAt(open) == '\'')) {
            return maskTo(open + 1, endOfQuote(open, open > at));
        }
        return maskTo(at, endOfBare(at));
    }

    /** Returns the end of what an opening quote at {@code open} began: the same quote, escaped where that one was. */
    private int endOfQuote(int open, boolean escaped) {
        char quote = text.charAt(open);
        int i = open + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\') {
                if (escaped && i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    return i;
                }
                i += 2;
                continue;
            }
            if (c == quote) {
                return i;
            }
            i++;
        }
        return text.length();
    }

    private int endOfBare(int at) {
        if (text.startsWith(Redactor.MASK, at)) {
            return at + Redactor.MASK.length();
        }
        int i = at;
        while (i < text.length() && i < at + 1 && (text.charAt(i) == '<' || text.charAt(i) == '|')) {
            i++; // a bracket that opens the value is part of it
        }
        while (i < text.length() && !isValueEnd(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private int endOfHeader(int at) {
        int i = at;
        while (i < text.length() && text.charAt(i) != '"' && text.charAt(i) != '\n' && text.charAt(i) != '\r') {
            i++;
        }
        return i;
    }

    /** {@code Bearer abc}: the scheme stays, what follows it is masked. */
    private int maskCredentials(int at) {
        int start = at;
        while (start < text.length() && isQuoteOrSpace(text.charAt(start))) {
            start++;
        }
        int scheme = start;
        while (scheme < text.length() && scheme - start < 16 && isLetter(text.charAt(scheme))) {
            scheme++;
        }
        boolean hasScheme = scheme > start && scheme + 1 < text.length() && text.charAt(scheme) == ' ';
        int value = hasScheme ? skip(scheme, ' ') : start;
        return maskTo(value, endOfBare(value));
    }

    // ---- URLs

    private int afterScheme(int at) {
        int sign = -1;
        int i = at;
        while (i < text.length() && !isAuthorityEnd(text.charAt(i))) {
            if (text.charAt(i) == '@') {
                sign = i;
            }
            i++;
        }
        if (sign < 0) {
            return at;
        }
        int colon = text.indexOf(':', at);
        if (colon >= 0 && colon < sign) {
            return maskTo(colon + 1, sign);
        }
        if (sign - at >= TOKEN_AS_USER) {
            return maskTo(at, sign);
        }
        return at; // not i: the authority may hold other shapes
    }

    /** {@code jdbc:oracle:thin:user/password@host}. */
    private int afterOracle(int at) {
        int slash = -1;
        for (int i = at; i < text.length() && i - at < 256; i++) {
            char c = text.charAt(i);
            if (c == ':' || Character.isWhitespace(c)) {
                return at;
            }
            if (c == '/' && slash < 0) {
                slash = i;
            } else if (c == '@') {
                return slash < 0 ? i : maskTo(slash + 1, i);
            }
        }
        return at;
    }

    // ---- words

    private int afterDash(int at) {
        if (text.startsWith("-----BEGIN ", at)) {
            return afterPem(at);
        }
        if (!text.startsWith("--", at)) {
            return at + 1;
        }
        int start = skip(at, '-');
        int end = start;
        while (end < text.length() && end - start < MAX_KEY && isKeyPart(text.charAt(end))) {
            end++;
        }
        boolean option = end < text.length() && text.charAt(end) == ' ' && end > start;
        if (!option || !names.mayEndSecret(text, end) || !names.isSecret(text.substring(start, end))) {
            return start;
        }
        return maskValue(skip(end, ' '));
    }

    private int afterPem(int at) {
        int key = at + "-----BEGIN ".length();
        int last = Math.min(key + 16, text.length()); // labels before it are short: RSA, EC, OPENSSH, ENCRYPTED
        while (key < last && !text.startsWith("PRIVATE KEY-----", key)) {
            key++;
        }
        if (key == last) {
            return at + 5;
        }
        int body = key + "PRIVATE KEY-----".length();
        int end = text.indexOf("-----END ", body);
        return maskTo(body, end < 0 ? text.length() : end);
    }

    private int afterWord(int at) {
        char c = text.charAt(at);
        if (c >= '0' && c <= '9') {
            int end = cards ? CardNumbers.endAt(text, at) : -1;
            return end < 0 ? at + 1 : maskTo(at, end);
        }
        if (!SecretPrefixes.mayStart(text, at)) {
            return at + 1;
        }
        return switch (c) {
            case 'B', 'b' -> afterCredentials(at, SecretPrefixes.credentialsAt(text, at));
            case 'e' -> afterWebToken(at);
            default -> SecretPrefixes.isKeyAt(text, at) ? maskTo(at, SecretPrefixes.endOfToken(text, at)) : at + 1;
        };
    }

    private int afterCredentials(int at, int credentials) {
        return credentials < 0 ? at + 1 : maskTo(credentials, endOfBare(credentials));
    }

    /** What was found to be none once is not looked at again from each of its parts. */
    private int afterWebToken(int at) {
        if (at < noWebTokenBefore || !text.startsWith("eyJ", at)) {
            return at + 1;
        }
        int end = SecretPrefixes.endOfToken(text, at);
        if (end - at >= 20 && hasDot(at, end)) {
            return maskTo(at, end);
        }
        noWebTokenBefore = end;
        return at + 1;
    }

    /** Looks no further than the token: the rest of the text may be long, and be looked at again from the next one. */
    private boolean hasDot(int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '.') {
                return true;
            }
        }
        return false;
    }

    // ---- output

    /** Masks from one index to another, unless there is nothing or a mask already; answers where to go on. */
    private int maskTo(int from, int to) {
        if (to <= from || (to - from == Redactor.MASK.length() && text.startsWith(Redactor.MASK, from))) {
            return to;
        }
        StringBuilder masked = out;
        if (masked == null) {
            masked = new StringBuilder(text.length() + 16);
            out = masked;
        }
        masked.append(text, copied, from).append(Redactor.MASK);
        copied = to;
        return to;
    }

    private int skipBlanks(int at) {
        int i = at;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t' || text.charAt(i) == '>')) {
            i++;
        }
        return i;
    }

    private int skip(int at, char what) {
        int i = at;
        while (i < text.length() && text.charAt(i) == what) {
            i++;
        }
        return i;
    }

    private boolean isWordStart(int at) {
        return at == 0 || !isLetterOrDigit(text.charAt(at - 1));
    }

    private static boolean isAuthorityEnd(char c) {
        return c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c <= ' ';
    }

    private static boolean isValueEnd(char c) {
        return c <= ' ' || c == ',' || c == ';' || c == '&' || c == ')' || c == ']' || c == '}' || c == '"' || c == '\''
                || c == '|' || c == '<' || c == '>';
    }

    private static boolean isQuoteOrSpace(char c) {
        return c == '"' || c == '\'' || c == '\\' || c == ' ';
    }

    private static boolean isKeyPart(char c) {
        return isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
    }

    private static boolean isLetterOrDigit(char c) {
        return isLetter(c) || (c >= '0' && c <= '9');
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
