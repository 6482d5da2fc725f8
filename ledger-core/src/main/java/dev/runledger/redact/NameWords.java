package dev.runledger.redact;

import java.text.Normalizer;

/** Splits names into lower-case words: {@code dbPassword}, {@code DB_PASSWORD} and {@code db-password} are {@code db password}. */
final class NameWords {
    private NameWords() {}

    /**
     * Returns the words of a name, cut at separators and where lower case turns to upper. Numbers at the end are left out, and so is
     * what no reader sees; letters that look like ASCII by compatibility, such as full-width ones, become it.
     */
    static String of(String name) {
        String plain = folded(name);
        StringBuilder words = new StringBuilder(plain.length() + 8);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (!Character.isLetterOrDigit(c)) {
                space(words);
                continue;
            }
            if (i > 0 && startsWord(plain, i)) {
                space(words);
            }
            words.append(Character.toLowerCase(c));
        }
        int end = words.length();
        while (end > 0 && (Character.isDigit(words.charAt(end - 1)) || words.charAt(end - 1) == ' ')) {
            end--; // password_1 and password1 are a password
        }
        return words.substring(0, end);
    }

    private static boolean startsWord(String name, int at) {
        if (!Character.isUpperCase(name.charAt(at))) {
            return false;
        }
        char before = name.charAt(at - 1);
        boolean beforeLower = at + 1 < name.length() && Character.isLowerCase(name.charAt(at + 1));
        return Character.isLowerCase(before) || Character.isDigit(before) || beforeLower;
    }

    private static String folded(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 128 || c < ' ') {
                return seen(Normalizer.normalize(name, Normalizer.Form.NFKD));
            }
        }
        return name;
    }

    private static String seen(String name) {
        StringBuilder seen = new StringBuilder(name.length());
        name.codePoints().filter(point -> !Chars.isInvisible(point)).forEach(seen::appendCodePoint);
        return seen.toString();
    }

    private static void space(StringBuilder words) {
        if (words.length() > 0 && words.charAt(words.length() - 1) != ' ') {
            words.append(' ');
        }
    }
}
