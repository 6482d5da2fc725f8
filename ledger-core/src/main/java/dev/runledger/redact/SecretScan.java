package dev.runledger.redact;

import dev.runledger.redact.SecretNames.Name;
import dev.runledger.redact.SecretNames.Strength;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one text that masks the known shapes of secrets. Every look ahead is bounded by a small constant, or masks what it looked
 * at, or ends before the next place that starts one, so that the pass is linear whatever the text is. Used by one thread, once.
 */
final class SecretScan {
    private static final int MAX_KEY = 64;
    private static final int MAX_GAP = 16;
    private static final int MAX_TAG = 512;
    private static final int MAX_LABEL = 64;
    private static final int SHORTEST_HEADER = 16;
    private static final String BEGIN = "-----BEGIN";
    private static final String ORACLE = ":oracle:thin:";

    private final String text;
    private final Rules rules;
    private final boolean cards;
    private final PairedNames pairs;
    private @Nullable CommandLogins logins;
    private final DigitsAhead digits;
    private @Nullable StringBuilder out;
    private int copied;
    private int webTokenRunEnd;
    private @Nullable Shape first;
    private @Nullable String firstName;

    SecretScan(String text, Rules rules, boolean cards) {
        this.text = text;
        this.rules = rules;
        this.cards = cards;
        this.pairs = new PairedNames(text, rules.names());
        this.digits = new DigitsAhead(text);
    }

    /** Returns the text with its secrets masked, or the same instance if it has none. */
    String redact() {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            i = Math.max(Chars.isAlphanumeric(c) ? afterWord(i) : afterSign(c, i), i + 1);
        }
        StringBuilder masked = out;
        return masked == null
                ? text
                : masked.append(text, copied, text.length()).toString();
    }

    private int afterSign(char sign, int at) {
        return switch (sign) {
            case '=' -> afterSeparator(at);
            case ':' -> afterColon(at);
            case '-' -> afterDash(at);
            case '<' -> afterAngle(at);
            default -> at + 1;
        };
    }

    /** Redacts, and returns what masked first, as a phrase with the way to allow it; null if nothing did. */
    @Nullable
    String rule() {
        redact();
        Shape shape = first;
        if (shape == null) {
            return null;
        }
        String name = firstName;
        return name == null
                ? "%s, unless disableShape(\"%s\") or allowText of Redactor.Builder allows it"
                        .formatted(shape.phrase(), shape.code())
                : "a value under '%s', the name of a secret, unless allowName(\"%s\") or allowText of Redactor.Builder allows it"
                        .formatted(name, name);
    }

    // ---- names and their values

    private int afterColon(int at) {
        return switch (at + 1 < text.length() ? text.charAt(at + 1) : ' ') {
            case '/' ->
                text.startsWith("://", at)
                        ? mask(Shape.URL_PASSWORD, UrlPasswords.inAuthority(text, at + 3), at + 3)
                        : afterSeparator(at);
            case ':' -> at + 2; // a reference to a method, a cast, an address
            case 'o' -> text.startsWith(ORACLE, at) ? afterOracle(at + ORACLE.length()) : afterSeparator(at);
            default -> afterSeparator(at);
        };
    }

    private int afterOracle(int user) {
        return mask(Shape.URL_PASSWORD, UrlPasswords.afterOracle(text, user), user);
    }

    private int afterSeparator(int at) {
        int end = endOfKeyBefore(at);
        int start = startOfKey(end);
        if (end == start) {
            return at + 1;
        }
        Name name = rules.names().of(text, start, end);
        boolean assigned = text.charAt(at) == '=' || (end < at && Chars.isQuote(text.charAt(end)));
        int value = afterOperator(at);
        if (name.strength() != Strength.NONE) {
            boolean path = text.charAt(at) == ':' && start > 0 && text.charAt(start - 1) == '/';
            return path ? at + 1 : maskNamed(Shape.NAMED_VALUE, name, assigned, value);
        }
        Name paired = pairs.name();
        if (paired != null && pairs.isValue(start, end)) {
            return maskNamed(Shape.NAME_VALUE_PAIR, paired, true, value);
        }
        if (pairs.isName(start, end)) {
            Name remembered = pairs.remember(value);
            int content = pairs.contentAt();
            if (remembered != null && content >= 0) {
                return maskElement(Shape.NAME_VALUE_PAIR, remembered, content, at + 1);
            }
        }
        return at + 1;
    }

    /** Returns where the name before a separator ends: quotes, brackets, stars and white space may stand between. */
    private int endOfKeyBefore(int at) {
        int end = at;
        while (end > 0 && at - end < MAX_GAP) {
            char c = text.charAt(end - 1);
            if (!Chars.isBlank(c) && !Chars.isQuote(c) && c != '\\' && c != ']' && c != '*') {
                break;
            }
            end--;
        }
        return end;
    }

    private int startOfKey(int end) {
        int start = end;
        while (start > 0 && end - start < MAX_KEY && Chars.isKeyPart(text.charAt(start - 1))) {
            start--;
        }
        boolean property = end - start > 2 && text.charAt(start) == '-' && "DP".indexOf(text.charAt(start + 1)) >= 0;
        return property ? start + 2 : start; // -Dpassword=x
    }

    /** Returns where the value begins: after {@code =}, {@code :=}, {@code =>} or {@code :**}, and white space. */
    private int afterOperator(int at) {
        int i = at + 1;
        while (i < text.length()
                && i < at + 3
                && (text.charAt(i) == '=' || (text.charAt(i) == '>' && text.charAt(at) == '='))) {
            i++;
        }
        if (text.startsWith("**", i) && i + 2 < text.length() && Chars.isBlank(text.charAt(i + 2))) {
            i += 2;
        }
        return Chars.skipBlanks(text, i);
    }

    private int maskNamed(Shape shape, Name name, boolean assigned, int value) {
        if (value >= text.length()) {
            return value;
        }
        if (text.startsWith(Redactor.MASK, value)) {
            return value + Redactor.MASK.length();
        }
        NamedValue named = new NamedValue(text, value, name.strength(), assigned);
        Shape found = name.shape() == Shape.NAMED_VALUE ? shape : name.shape();
        Span secret = switch (found) {
            case HTTP_AUTHORIZATION -> named.credentials();
            case HTTP_COOKIE -> named.cookies();
            default -> named.secret();
        };
        if (secret != null && first == null && found == Shape.NAMED_VALUE) {
            firstName = name.text();
        }
        return mask(found, secret, value);
    }

    // ---- elements of XML

    private int afterAngle(int at) {
        int end = at + 1;
        while (end < text.length()
                && end - at < MAX_KEY
                && (Chars.isKeyPart(text.charAt(end)) || text.charAt(end) == ':')) {
            end++;
        }
        int close = end == at + 1 ? -1 : endOfTag(end);
        if (close < 0) {
            return at + 1;
        }
        int start = end;
        while (text.charAt(start - 1) != ':' && text.charAt(start - 1) != '<') {
            start--; // the prefix of a namespace says nothing
        }
        Name name = rules.names().of(text, start, end);
        int value = Chars.skipBlanks(text, close + 1);
        if (name.strength() != Strength.NONE) {
            return maskElement(Shape.XML_ELEMENT, name, value, end);
        }
        Name paired = pairs.name();
        if (paired != null && pairs.isValue(start, end)) {
            return maskElement(Shape.NAME_VALUE_PAIR, paired, value, end);
        }
        if (pairs.isName(start, end)) {
            pairs.remember(value);
        }
        return end;
    }

    private int maskElement(Shape shape, Name name, int content, int none) {
        return mask(shape, new NamedValue(text, content, name.strength(), true).ofElement(), none);
    }

    /** Returns the index of the bracket that ends a tag, or -1. It is not looked for past the next tag. */
    private int endOfTag(int at) {
        int i = at;
        while (i < text.length() && i - at < MAX_TAG && text.charAt(i) != '>' && text.charAt(i) != '<') {
            i++;
        }
        boolean tag = i < text.length() && text.charAt(i) == '>' && text.charAt(i - 1) != '/';
        return tag ? i : -1;
    }

    // ---- options

    private int afterDash(int at) {
        if (!text.startsWith("--", at)) {
            return CommandLogins.mayStart(text, at) ? mask(Shape.COMMAND_OPTION, logins().at(at), at + 1) : at + 1;
        }
        if (text.startsWith(BEGIN, at)) {
            return afterBegin(at);
        }
        int start = at + 2;
        while (start < text.length() && text.charAt(start) == '-') {
            start++;
        }
        int end = start;
        while (end < text.length()
                && end - start < MAX_KEY
                && Chars.isKeyPart(text.charAt(end))
                && !text.startsWith("--", end)) {
            end++;
        }
        if (end == start || end >= text.length() || !Chars.isBlank(text.charAt(end))) {
            return start;
        }
        int value = Chars.skipBlanks(text, end);
        if (text.startsWith("user", end - 4) && (end - start == 4 || text.startsWith("proxy-user", start))) {
            return mask(Shape.COMMAND_OPTION, logins().ofUser(at, value), end);
        }
        Strength strength = rules.names().of(text, start, end).strength();
        if (strength == Strength.NONE || text.startsWith("-", value)) {
            return end;
        }
        return mask(Shape.COMMAND_OPTION, new NamedValue(text, value, strength, true).secret(), end);
    }

    private CommandLogins logins() {
        CommandLogins known = logins;
        if (known == null) {
            known = new CommandLogins(text);
            logins = known;
        }
        return known;
    }

    /** Blanks of any kind and number may stand in the label: {@code BEGIN RSA PRIVATE KEY}, {@code BEGIN PGP PRIVATE KEY BLOCK}. */
    private int afterBegin(int at) {
        int end = at + BEGIN.length();
        int last = Math.min(end + MAX_LABEL, text.length());
        boolean secret = false;
        while (end < last && (Chars.isAlphanumeric(text.charAt(end)) || Chars.isBlank(text.charAt(end)))) {
            secret |= text.startsWith("PRIVATE", end);
            end++;
        }
        if (!secret || !text.startsWith("-----", end)) {
            return at + 5;
        }
        int body = end + 5;
        if (text.startsWith(Redactor.MASK, body)) {
            return body + Redactor.MASK.length(); // its end is not looked for again
        }
        int close = text.indexOf("-----END", body);
        return mask(Shape.PRIVATE_KEY, new Span(body, close < 0 ? text.length() : close), body);
    }

    // ---- words

    /** What starts inside a word is none of the known shapes, so that the scan goes on behind it. */
    private int afterWord(int at) {
        int end = Chars.endOfWord(text, at);
        boolean digit = Chars.isDigit(text.charAt(at));
        if (digit ? !Chars.isWordStart(text, at) : !PlainText.mayStartShape(text, at)) {
            return end;
        }
        IssuedKeys.Key key = IssuedKeys.keyAt(text, at, digits);
        if (key != null) {
            return mask(key.shape(), new Span(key.secretAt(at), key.endAt(text, at, digits)), end);
        }
        if (digit) {
            return afterDigit(at, end);
        }
        if (text.startsWith("eyJ", at)) {
            return mask(Shape.JSON_WEB_TOKEN, webToken(at), end);
        }
        return mask(Shape.HTTP_AUTHORIZATION, HttpCredentials.byScheme(text, at), end);
    }

    private int afterDigit(int at, int end) {
        int card = cards ? CardNumbers.endAt(text, at) : -1;
        if (card >= 0) {
            return mask(Shape.CARD_NUMBER, new Span(at, card), end);
        }
        return mask(Shape.TELEGRAM_TOKEN, IssuedKeys.telegramAt(text, at), end);
    }

    /** Returns the web token that starts here, or null. A run of characters without a dot behind it is read once, not from each part. */
    private @Nullable Span webToken(int at) {
        if (at < webTokenRunEnd) {
            return null;
        }
        int dot = Chars.endOfUrl64(text, at);
        webTokenRunEnd = dot;
        if (dot - at < SHORTEST_HEADER || !text.startsWith(".", dot) || !isSecondPart(dot + 1)) {
            return null;
        }
        int end = dot;
        while (end < text.length() && (Chars.isUrl64(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        while (text.charAt(end - 1) == '.') {
            end--; // a sentence may end with it
        }
        return new Span(at, end);
    }

    /** The second part is JSON as well, or random, or empty; a word is the beginning of the next sentence. */
    private boolean isSecondPart(int at) {
        int end = at;
        while (end < text.length() && end - at < MAX_KEY && Chars.isUrl64(text.charAt(end))) {
            end++;
        }
        boolean empty =
                end == at && text.startsWith(".", at) && at + 1 < text.length() && Chars.isUrl64(text.charAt(at + 1));
        return text.startsWith("eyJ", at) || empty || ValueLook.looksSecret(text, at, end);
    }

    // ---- output

    /**
     * Masks a secret, unless it is allowed, empty, masked already, or begins with a mask. One that begins inside the last extends it.
     * Returns where to go on: {@code none} without one.
     */
    private int mask(Shape shape, @Nullable Span secret, int none) {
        if (secret == null) {
            return none;
        }
        int from = secret.from();
        int to = secret.to();
        if (from >= to || to <= copied || rules.isAllowed(shape, text, from, to)) {
            return none;
        }
        if (text.startsWith(Redactor.MASK, from)) {
            return from + Redactor.MASK.length();
        }
        StringBuilder masked = out;
        if (masked == null) {
            masked = new StringBuilder(text.length() + 16);
            out = masked;
            first = shape;
        }
        if (from > copied || masked.isEmpty()) {
            masked.append(text, copied, from).append(Redactor.MASK);
        }
        copied = to;
        return endsAsValue(from, to) ? Math.max(from, to - MAX_KEY - MAX_GAP) : to;
    }

    /**
     * Returns whether what was masked is a value without quotes, up to its end. The last of it may be another name, whose value follows:
     * {@code Cookie: a=b --password "x"}.
     */
    private boolean endsAsValue(int from, int to) {
        return to < text.length()
                && Chars.isValueEnd(text.charAt(to))
                && (from == 0 || !Chars.isQuote(text.charAt(from - 1)));
    }
}
