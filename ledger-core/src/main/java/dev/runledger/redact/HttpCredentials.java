package dev.runledger.redact;

import org.jspecify.annotations.Nullable;

/** Finds the credentials of HTTP headers: behind the name {@code Authorization}, and by their scheme wherever they stand. */
final class HttpCredentials {
    private static final int LONGEST_SCHEME = 24;
    private static final int LONGEST_LOOK = 256;

    /** The schemes that are followed by one token. */
    private static final WordList ONE_TOKEN = WordList.of("""
            bearer basic token apikey api-key negotiate ntlm dpop sharedkey sharedkeylite splunk
            """);

    /** The schemes that are followed by parameters, up to the end of the header. */
    private static final WordList PARAMETERS = WordList.of("""
            digest hawk oauth signature aws4-hmac-sha256 aws4-ecdsa-p256-sha256 aws googlelogin sharedaccesssignature
            mac scram-sha-256 scram-sha-1 hoba mutual vapid gnap tc3-hmac-sha256 sdk-hmac-sha256 goog4-rsa-sha256
            acs3-hmac-sha256
            """);

    /** What people write behind the name of a scheme when they write about it. */
    private static final WordList PROSE = WordList.of("""
            auth authentication authorization token tokens credentials scheme header realm is was not or and required
            missing failed invalid expired challenge prefix format type only error
            """);

    private HttpCredentials() {}

    // ---- behind the name of the header

    /** Returns the secret of an {@code Authorization} header whose value starts here and ends at the latest at {@code end}; null if none. */
    static @Nullable Span inHeader(String text, int at, int end) {
        int scheme = endOfScheme(text, at, end);
        int value = scheme < end ? Math.min(Chars.skipBlanks(text, scheme), end) : end;
        boolean hasScheme = scheme > at && value > scheme && value < end;
        if (hasScheme && ONE_TOKEN.has(text, at, scheme)) {
            return oneToken(text, value, end);
        }
        if (hasScheme && PARAMETERS.has(text, at, scheme)) {
            boolean parameters = hasSign(text, value, end) || !ValueLook.isPlainProse(text, value, end);
            return parameters ? new Span(value, end) : null;
        }
        int bare = Math.min(Values.endOfBare(text, at), end);
        if (bare == at || ValueLook.isNoValue(text, at, bare) || ValueLook.isCheckProse(text, at, end)) {
            return null;
        }
        boolean alone = Chars.skipBlanks(text, bare) >= end;
        if (!alone && ValueLook.isPlainProse(text, at, end)) {
            return null; // a sentence that begins with a colon
        }
        boolean oneWord = !alone && !hasSecretBefore(text, at, end);
        return new Span(at, oneWord ? bare : end);
    }

    private static @Nullable Span oneToken(String text, int at, int end) {
        int bare = Math.min(Values.endOfBare(text, at), end);
        if (bare < end && bare > at && Chars.isQuote(text.charAt(bare)) && text.charAt(bare - 1) == '=') {
            return new Span(at, end); // Token token="x", nonce="y"
        }
        if (bare == at || ValueLook.isNoValue(text, at, bare)) {
            return null;
        }
        boolean prose = isProseWord(text, at, bare) && (bare == end || Chars.isBlank(text.charAt(bare)));
        return prose ? null : new Span(at, bare);
    }

    private static boolean isProseWord(String text, int from, int to) {
        return to - from <= 14 && PROSE.has(text, from, to);
    }

    private static boolean hasSign(String text, int from, int to) {
        int last = Math.min(to, from + LONGEST_LOOK);
        for (int i = from; i < last; i++) {
            if (text.charAt(i) == '=') {
                return true;
            }
        }
        return false;
    }

    private static boolean hasSecretBefore(String text, int from, int to) {
        int last = Math.min(to, from + LONGEST_LOOK);
        int i = from;
        while (i < last) {
            int end = Math.min(Values.endOfBare(text, i), last);
            if (ValueLook.looksSecret(text, i, end)) {
                return true;
            }
            i = end + 1;
        }
        return false;
    }

    private static int endOfScheme(String text, int at, int end) {
        int i = at;
        while (i < end && i - at < LONGEST_SCHEME && Chars.isUrl64(text.charAt(i))) {
            i++;
        }
        return i < end && Chars.isBlank(text.charAt(i)) ? i : at;
    }

    /** Returns whether a cookie stands here: a name, an equals sign, and something. */
    static boolean isCookie(String text, int at) {
        int i = at;
        while (i < text.length()
                && i - at < 64
                && (Chars.isKeyPart(text.charAt(i)) || "!#$%&*+^~".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i > at && i + 1 < text.length() && text.charAt(i) == '=' && text.charAt(i + 1) != '=';
    }

    // ---- by the scheme

    /** The schemes whose credentials are known without the name of a header. */
    private enum Scheme {
        BEARER("bearer"),
        BASIC("basic"),
        DIGEST("digest"),
        AWS4("aws4-hmac-sha256"),
        NEGOTIATE("negotiate"),
        NTLM("ntlm"),
        SHARED_KEY("sharedkey");

        private final int length;

        Scheme(String name) {
            this.length = name.length();
        }
    }

    /** Returns whether a scheme may stand here whose credentials are known without the name of a header: a quick no for most words. */
    static boolean mayStart(String text, int at) {
        return schemeAt(text, at) != null;
    }

    private static @Nullable Scheme schemeAt(String text, int at) {
        return switch (text.charAt(at)) {
            case 'B', 'b' ->
                Chars.standsAt(text, at, "bearer")
                        ? Scheme.BEARER
                        : Chars.standsAt(text, at, "basic") ? Scheme.BASIC : null;
            case 'D' -> text.startsWith("Digest", at) ? Scheme.DIGEST : null;
            case 'A' ->
                text.startsWith("AWS4-HMAC", at) && Chars.standsAt(text, at, "aws4-hmac-sha256") ? Scheme.AWS4 : null;
            case 'N' ->
                text.startsWith("Negotiate", at) ? Scheme.NEGOTIATE : text.startsWith("NTLM", at) ? Scheme.NTLM : null;
            case 'S' -> text.startsWith("SharedKey", at) ? Scheme.SHARED_KEY : null;
            default -> null;
        };
    }

    /** Returns the credentials whose scheme starts here, or null where it is a sentence that says "basic training". */
    static @Nullable Span byScheme(String text, int at) {
        Scheme scheme = schemeAt(text, at);
        int end = scheme == null ? at : at + scheme.length;
        if (scheme == null || end >= text.length() || !(Chars.isBlank(text.charAt(end)) || text.charAt(end) == ':')) {
            return null;
        }
        int value = Chars.skipBlanks(text, end + 1);
        return switch (scheme) {
            case BEARER -> bearer(text, value);
            case BASIC -> basic(text, value);
            case DIGEST -> isDigest(text, value) ? toEndOfHeader(text, value) : null;
            case AWS4 -> text.startsWith("Credential=", value) ? toEndOfHeader(text, value) : null;
            case NEGOTIATE, NTLM, SHARED_KEY -> token(text, value, 16);
        };
    }

    private static @Nullable Span bearer(String text, int at) {
        int end = Values.endOfBare(text, at);
        int last = Math.min(end, at + 64);
        boolean digit = false;
        for (int i = at; i < last; i++) {
            digit |= Chars.isDigit(text.charAt(i));
        }
        boolean secret = (digit && end - at >= 6) || ValueLook.looksSecret(text, at, end);
        return secret && !ValueLook.isNoValue(text, at, end) ? new Span(at, end) : null;
    }

    private static @Nullable Span basic(String text, int at) {
        int end = at;
        while (end < text.length() && (Chars.isUrl64(text.charAt(end)) || "+/=".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        return isUserAndPassword(text, at, end) ? new Span(at, end) : token(text, at, 12);
    }

    private static @Nullable Span token(String text, int at, int least) {
        int end = Values.endOfBare(text, at);
        return end - at >= least && ValueLook.looksSecret(text, at, end) ? new Span(at, end) : null;
    }

    private static Span toEndOfHeader(String text, int at) {
        return new Span(at, Values.endOfHeader(text, at, text.length()));
    }

    private static boolean isDigest(String text, int at) {
        return text.startsWith("username", at) || text.startsWith("response", at) || text.startsWith("cnonce", at);
    }

    /** Returns whether this is base64 of printable characters with a colon among them, as RFC 7617 has it. */
    private static boolean isUserAndPassword(String text, int from, int to) {
        int bits = 0;
        int held = 0;
        int last = Math.min(to, from + LONGEST_LOOK);
        for (int i = from; i < last && text.charAt(i) != '='; i++) {
            int six = sixBits(text.charAt(i));
            if (six < 0) {
                return false;
            }
            bits = (bits << 6 | six) & 0xFFFF;
            held += 6;
            if (held >= 8) {
                held -= 8;
                int character = bits >> held & 0xFF;
                if (character == ':') {
                    return to - from >= 8;
                }
                if (character < ' ' || character > '~') {
                    return false;
                }
            }
        }
        return false;
    }

    private static int sixBits(char c) {
        if (Chars.isUpper(c)) {
            return c - 'A';
        }
        if (Chars.isLetter(c)) {
            return c - 'a' + 26;
        }
        if (Chars.isDigit(c)) {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }
}
