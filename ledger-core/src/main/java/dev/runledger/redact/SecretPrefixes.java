package dev.runledger.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The prefixes by which issued keys are known, each with how many more characters make one. Looks are bounded. */
final class SecretPrefixes {
    /** A prefix and the least number of token characters after it. The prefixes are published by those who issue the keys. */
    private record Prefix(String text, int least) {}

    private static final List<Prefix> KEYS = List.of(
            new Prefix("AKIA", 16),
            new Prefix("ASIA", 16),
            new Prefix("AIza", 30),
            new Prefix("ghp_", 20),
            new Prefix("gho_", 20),
            new Prefix("ghu_", 20),
            new Prefix("ghs_", 20),
            new Prefix("ghr_", 20),
            new Prefix("github_pat_", 20),
            new Prefix("glpat-", 16),
            new Prefix("npm_", 30),
            new Prefix("rk_live_", 16),
            new Prefix("sk_live_", 16),
            new Prefix("sk_test_", 16),
            new Prefix("sk-", 20),
            new Prefix("xoxa-", 10),
            new Prefix("xoxb-", 10),
            new Prefix("xoxp-", 10),
            new Prefix("xoxr-", 10),
            new Prefix("xoxs-", 10));

    private SecretPrefixes() {}

    /** Returns whether two characters at a word's start could begin any prefix or scheme: a quick no for most words. */
    static boolean mayStart(String text, int at) {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        return switch (text.charAt(at)) {
            case 'A' -> next == 'K' || next == 'S' || next == 'I';
            case 'B', 'b' -> next == 'e' || next == 'a' || next == 'E' || next == 'A';
            case 'e' -> next == 'y';
            case 'g' -> next == 'h' || next == 'i' || next == 'l';
            case 'n' -> next == 'p';
            case 'r', 's' -> next == 'k';
            case 'x' -> next == 'o';
            default -> false;
        };
    }

    static boolean isKeyAt(String text, int at) {
        return keyAt(text, at) != null;
    }

    /** Returns the prefix of the issued key that begins here, or null if none does. */
    static @Nullable String keyAt(String text, int at) {
        for (Prefix prefix : KEYS) {
            if (text.startsWith(prefix.text(), at)) {
                boolean key = hasToken(text, at + prefix.text().length(), prefix.least());
                return key ? prefix.text() : null;
            }
        }
        return null;
    }

    /** Returns where the credentials of {@code Bearer x} or {@code Basic x} begin, or -1 where it is a sentence that says "basic training". */
    static int credentialsAt(String text, int at) {
        boolean bearer = text.regionMatches(true, at, "Bearer ", 0, 7);
        if (!bearer && !text.regionMatches(true, at, "Basic ", 0, 6)) {
            return -1;
        }
        int start = at + (bearer ? 7 : 6);
        boolean mixed = false;
        int i = start;
        while (i < text.length() && i - start < 24 && isTokenPart(text.charAt(i))) {
            char c = text.charAt(i);
            mixed |= c < 'a' || c > 'z';
            i++;
        }
        return i - start >= 20 || (mixed && i - start >= 6) ? start : -1;
    }

    static int endOfToken(String text, int at) {
        int i = at;
        while (i < text.length() && isTokenPart(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean hasToken(String text, int at, int least) {
        if (at + least > text.length()) {
            return false;
        }
        for (int i = at; i < at + least; i++) {
            if (!isTokenPart(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenPart(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.'
                || c == '='
                || c == '+'
                || c == '/'
                || c == '~';
    }
}
