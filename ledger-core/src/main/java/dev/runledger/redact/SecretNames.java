package dev.runledger.redact;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Recognises names of secrets by their words: {@code dbPassword}, {@code DB_PASSWORD} and {@code db-password} are {@code db password}. */
final class SecretNames {
    /** A name that ends in one of these, or is one, is a secret's. */
    private static final Set<String> WORDS = Set.of(
            "password",
            "pgpassword",
            "dbpassword",
            "userpassword",
            "pass",
            "auth",
            "passwords",
            "passwd",
            "pwd",
            "passphrase",
            "passcode",
            "secret",
            "secrets",
            "token",
            "authorization",
            "cookie",
            "cookies",
            "credential",
            "credentials",
            "apikey",
            "accesskey",
            "secretkey",
            "privatekey",
            "jwt",
            "bearer",
            "api key",
            "access key",
            "private key",
            "secret key",
            "signing key",
            "encryption key",
            "access key id",
            "secret access key",
            "connection string",
            "session id",
            "client secret",
            "auth header",
            "card number",
            "cvv",
            "cvc",
            "ssn");

    private static final int MAX_KNOWN = 4096;
    private static final int MAX_LENGTH = 128;

    private final Set<String> more;
    private final Set<String> open;
    private final boolean[] endings;
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    SecretNames(Set<String> more, Set<String> open) {
        this.more = Set.copyOf(more);
        this.open = Set.copyOf(open);
        this.endings = endings(more);
    }

    /** Returns whether the two characters before this index end any known name: a quick no for most keys of a text. */
    boolean mayEndSecret(String text, int end) {
        int last = end;
        while (last > 2 && last > end - 3 && Character.isDigit(text.charAt(last - 1))) {
            last--;
        }
        return endings[ending(text, last)];
    }

    /** Returns the last two letters as an index; any that is not ASCII counts as the same one. */
    private static int ending(String text, int end) {
        int before = Character.toLowerCase(text.charAt(end - 2));
        int last = Character.toLowerCase(text.charAt(end - 1));
        return (before < 128 ? before : 0) << 7 | (last < 128 ? last : 0);
    }

    private static boolean[] endings(Set<String> more) {
        boolean[] endings = new boolean[128 * 128];
        Stream.concat(WORDS.stream(), more.stream())
                .filter(word -> word.length() > 1)
                .forEach(word -> endings[ending(word, word.length())] = true);
        return endings;
    }

    boolean isSecret(String name) {
        Boolean cached = known.get(name);
        if (cached != null) {
            return cached;
        }
        boolean secret = decide(name.length() > MAX_LENGTH ? name.substring(name.length() - MAX_LENGTH) : name);
        if (known.size() < MAX_KNOWN && name.length() <= MAX_LENGTH) { // names a host makes up must not fill the heap
            known.put(name, secret);
        }
        return secret;
    }

    private boolean decide(String name) {
        String words = words(name);
        if (open.contains(words)) {
            return false;
        }
        for (int start = 0; start >= 0; start = words.indexOf(' ', start) < 0 ? -1 : words.indexOf(' ', start) + 1) {
            String tail = words.substring(start);
            if (WORDS.contains(tail) || more.contains(tail)) {
                return true;
            }
        }
        return false;
    }

    /** Returns a name as lower-case words: cut at separators and where lower case turns to upper. */
    static String words(String name) {
        StringBuilder words = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isLetterOrDigit(c)) {
                space(words);
                continue;
            }
            if (Character.isUpperCase(c) && i > 0) {
                char before = name.charAt(i - 1);
                boolean beforeLower = i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1));
                if (Character.isLowerCase(before) || Character.isDigit(before) || beforeLower) {
                    space(words);
                }
            }
            words.append(Character.toLowerCase(c));
        }
        int end = words.length();
        while (end > 0 && Character.isDigit(words.charAt(end - 1))) {
            words.setLength(--end); // password1 is a password
        }
        return end > 0 && words.charAt(end - 1) == ' ' ? words.substring(0, end - 1) : words.toString();
    }

    private static void space(StringBuilder words) {
        if (words.length() > 0 && words.charAt(words.length() - 1) != ' ') {
            words.append(' ');
        }
    }
}
