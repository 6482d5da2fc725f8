package dev.runledger.redact;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says how sure a name is that its value is a secret. A name is judged by its last words, the longest first: {@code accessToken} is a
 * secret's, {@code nextPageToken} is none's, and {@code password_value} is a password.
 */
final class SecretNames {
    /** How sure a name is. */
    enum Strength {
        /** The name says nothing of secrets. */
        NONE,
        /** The value is a secret if it looks like one: {@code auth}, {@code session}. */
        WEAK,
        /** The value is a secret where it is assigned or quoted; after a colon in a sentence it has to look like one: {@code token}. */
        ASSIGNED,
        /** The value is a secret unless it is the prose of a check: {@code password}. */
        STRONG
    }

    private static final String STRONG =
            "password|passwords|passwd|pwd|passphrase|passcode|pgpassword|api key|apikey|api keys|"
                    + "apikeys|access key|accesskey|account key|accountkey|shared key|shared access key|sharedaccesskey|secret key|secretkey|"
                    + "private key|privatekey|signing key|encryption key|master key|ssh key|license key|access key id|secret access key|"
                    + "secretaccesskey|secret key base|connection string|connectionstring|client secret|app secret|shared secret|"
                    + "consumer secret|webhook secret|jwt secret|signing secret|api secret|session secret|cookie secret|"
                    + "authorization|proxy authorization|authtoken|accesstoken|refreshtoken|bearertoken|sessiontoken|apitoken|idtoken|"
                    + "access token|access tokens|refresh token|refresh tokens|auth token|auth tokens|api token|api tokens|bearer token|"
                    + "id token|session token|security token|bot token|deploy token|private token|user token|admin token|csrf token|"
                    + "xsrf token|oauth token|vault token|github token|gitlab token|npm token|slack token|job token|registration token|"
                    + "personal access token|auth header|card number|cardnumber|cvv|cvc|ssn";

    private static final String ASSIGNED =
            "secret|token|credential|credentials|jwt|jsessionid|phpsessid|sessid|aspsessionid|"
                    + "asp net session id|connect sid|otp|totp|signature|sig|mfa code|one time code";

    private static final String WEAK =
            "pass|auth|cookie|cookies|set cookie|secrets|tokens|session|session id|sessionid|sid|"
                    + "bearer|creds|basic auth|http auth|authentication";

    /** Names that end like a secret's and are none: how many, which one, what kind. */
    private static final String NONE =
            "page token|next token|next page token|continuation token|sync token|stop token|end token|"
                    + "start token|pad token|eos token|bos token|unk token|mask token|sep token|cls token|special token|cancellation token|"
                    + "cancel token|unexpected token|invalid token|missing token|illegal token|current token|last token|first token|"
                    + "max tokens|min tokens|total tokens|prompt tokens|completion tokens|input tokens|output tokens|cached tokens|"
                    + "reasoning tokens|num tokens|used tokens|context tokens|new tokens|stop tokens|token tokens|method signature|"
                    + "type signature|function signature|public signature|test pass|second pass|first pass|multi pass|render pass|"
                    + "by pass|single pass|no auth|needs auth|requires auth";

    /** Words after a secret's name that leave it one. */
    private static final WordList SUFFIXES = WordList.of("""
            value val text str string plain plaintext raw base64 b64 encoded new old current previous confirm
            confirmation repeat again primary secondary prod production staging dev bytes chars
            """);

    /** Endings that make one word of it: {@code clientsecret}, {@code rootpassword}. */
    private static final String[] JOINED = {
        "password", "passwd", "passphrase", "secret", "apikey", "privatekey", "secretkey"
    };

    private static final Map<String, Strength> TABLE = table();
    private static final int MAX_LENGTH = 128;
    private static final int REMEMBERED = 1024;

    /**
     * A name that was judged.
     *
     * @param shape {@link Shape#NAMED_VALUE}, or that of the header whose name it is
     */
    record Name(String text, Strength strength, Shape shape) {
        private static final Name OF_NO_SECRET = new Name("", Strength.NONE, Shape.NAMED_VALUE);
    }

    private final Set<String> more;
    private final Set<String> allowed;
    private final boolean[] endings;
    private final Name[] remembered = new Name[REMEMBERED];

    SecretNames(Set<String> more, Set<String> allowed) {
        this.more = Set.copyOf(more);
        this.allowed = Set.copyOf(allowed);
        this.endings = endings(more);
    }

    /** Returns how sure this name is. */
    Strength of(String name) {
        return of(name, 0, name.length()).strength();
    }

    /**
     * Judges the name that stands from one index of a text to another. Answers are remembered without a lock; what a race
     * loses is a name that is judged again.
     */
    Name of(String text, int from, int to) {
        int start = Math.max(from, to - MAX_LENGTH);
        if (!mayEndSecret(text, start, to)) {
            return Name.OF_NO_SECRET;
        }
        int hash = 0;
        for (int i = start; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        int slot = (hash ^ hash >>> 16) & (REMEMBERED - 1);
        Name known = remembered[slot];
        if (known != null && known.text.length() == to - start && text.startsWith(known.text, start)) {
            return known;
        }
        String name = text.substring(start, to);
        Name judged = new Name(name, judge(NameWords.of(name)), shapeOf(name));
        remembered[slot] = judged;
        return judged;
    }

    /** The names of two headers say how their values are built. */
    private static Shape shapeOf(String name) {
        if (endsWith(name, "authorization")) {
            return Shape.HTTP_AUTHORIZATION;
        }
        return endsWith(name, "cookie") || endsWith(name, "cookies") ? Shape.HTTP_COOKIE : Shape.NAMED_VALUE;
    }

    private static boolean endsWith(String name, String word) {
        return name.regionMatches(true, name.length() - word.length(), word, 0, word.length());
    }

    private Strength judge(String words) {
        if (allowed.contains(words)) {
            return Strength.NONE;
        }
        String left = words;
        while (true) {
            Strength strength = byEnd(left);
            int last = left.lastIndexOf(' ');
            if (strength != null || last < 0 || !SUFFIXES.has(left, last + 1, left.length())) {
                return strength == null ? Strength.NONE : strength;
            }
            left = left.substring(0, last);
        }
    }

    private @Nullable Strength byEnd(String words) {
        int start = 0;
        do {
            String tail = words.substring(start);
            if (more.contains(tail)) {
                return Strength.STRONG;
            }
            Strength strength = TABLE.get(tail);
            if (strength != null) {
                return strength;
            }
            start = words.indexOf(' ', start) + 1;
        } while (start > 0);
        String last = words.substring(words.lastIndexOf(' ') + 1);
        for (String joined : JOINED) {
            if (last.endsWith(joined)) {
                return Strength.STRONG;
            }
        }
        if (last.startsWith("aspsessionid")) {
            return Strength.ASSIGNED;
        }
        return last.endsWith("token") ? Strength.ASSIGNED : null;
    }

    // ---- a quick no for most names: the last two letters, numbers and separators at the end left out

    private boolean mayEndSecret(String text, int from, int to) {
        int last = to;
        while (last > from && isTrailer(text.charAt(last - 1))) {
            last--;
        }
        return last - from >= 3 ? endings[ending(text, last)] : to - from >= 2 && endings[0];
    }

    private static boolean isTrailer(char c) {
        return Chars.isDigit(c) || c == '_' || c == '-' || c == '.';
    }

    /** Returns the last two letters as an index. Any that is not ASCII is always worth a look. */
    private static int ending(String text, int end) {
        int before = Character.toLowerCase(text.charAt(end - 2));
        int last = Character.toLowerCase(text.charAt(end - 1));
        return before > ' ' && before < 128 && last > ' ' && last < 128 ? before << 7 | last : 1;
    }

    private static boolean[] endings(Set<String> more) {
        boolean[] endings = new boolean[128 * 128];
        endings[1] = true;
        TABLE.keySet().forEach(words -> endings[ending(words, words.length())] = true);
        SUFFIXES.words().forEach(words -> endings[ending(words, words.length())] = true);
        for (String words : more) {
            if (words.length() < 3) {
                endings[0] = true;
            }
            if (words.length() > 1) {
                endings[ending(words, words.length())] = true;
            }
        }
        return endings;
    }

    private static Map<String, Strength> table() {
        Map<String, Strength> table = new HashMap<>();
        put(table, WEAK, Strength.WEAK);
        put(table, ASSIGNED, Strength.ASSIGNED);
        put(table, STRONG, Strength.STRONG);
        put(table, NONE, Strength.NONE);
        return Map.copyOf(table);
    }

    private static void put(Map<String, Strength> table, String names, Strength strength) {
        for (String name : names.split("\\|", -1)) {
            table.put(name, strength);
        }
    }
}
