package dev.runledger.redact;

import org.jspecify.annotations.Nullable;

/** Finds the passwords of URLs: {@code scheme://user:password@host}, and Oracle's {@code jdbc:oracle:thin:user/password@host}. */
final class UrlPasswords {
    /** A user name this long that looks random is a token. */
    private static final int TOKEN_AS_USER = 20;

    private static final int MAX_PASSWORD = 512;

    private UrlPasswords() {}

    /** Returns the secret of the user info that starts here, behind {@code ://}; null if there is none. */
    static @Nullable Span inAuthority(String text, int at) {
        int colon = -1;
        int sign = -1;
        int end = at;
        while (end < text.length() && !isEnd(text.charAt(end), colon >= 0)) {
            char c = text.charAt(end);
            if (c == '@' && !isDigest(text, end + 1)) {
                sign = end;
            } else if (c == ':' && colon < 0 && sign < 0) {
                colon = end;
            } else if ((c == '?' || c == '#') && sign < 0 && isPort(text, colon + 1, end)) {
                return null; // a port, and then a query
            } else if ((c == '?' || c == '#') && sign >= 0) {
                break;
            } else if (end - at > MAX_PASSWORD && sign < 0) {
                return null;
            }
            end++;
        }
        if (sign < 0) {
            return null;
        }
        if (colon < 0) {
            return looksLikeToken(text, at, sign) ? new Span(at, sign) : null;
        }
        int from = looksLikeToken(text, at, colon) ? at : colon + 1; // https://TOKEN:x-oauth-basic@host
        return from == colon + 1 && ValueLook.isNoValue(text, from, sign) ? null : new Span(from, sign);
    }

    private static boolean looksLikeToken(String text, int from, int to) {
        return to - from >= TOKEN_AS_USER && ValueLook.looksSecret(text, from, to);
    }

    /** A password may have a question mark or a number sign in it; a user and a host have none. */
    private static boolean isEnd(char c, boolean inPassword) {
        return c == '/'
                || c == '"'
                || c == '\''
                || c == '`'
                || c == '\\'
                || Chars.isBlank(c)
                || c < ' '
                || (!inPassword && (c == '?' || c == '#'))
                || c == '<'
                || c == '>';
    }

    private static boolean isPort(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Chars.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return to - from <= 5;
    }

    /** Returns whether the digest of an image stands here: {@code sha256:} and so on. */
    private static boolean isDigest(String text, int at) {
        return text.startsWith("sha256:", at) || text.startsWith("sha512:", at) || text.startsWith("sha384:", at);
    }

    /** Returns the password that follows {@code :oracle:thin:}, or null. */
    static @Nullable Span afterOracle(String text, int at) {
        int slash = -1;
        for (int i = at; i < text.length() && i - at < 256; i++) {
            char c = text.charAt(i);
            if (c == ':' || Chars.isBlank(c)) {
                return null;
            }
            if (c == '/' && slash < 0) {
                slash = i;
            } else if (c == '@') {
                return slash < 0 || ValueLook.isNoValue(text, slash + 1, i) ? null : new Span(slash + 1, i);
            }
        }
        return null;
    }
}
