package dev.runledger.redact;

/**
 * Judges a value by its look. A word of prose, an identifier, a number, a path and a placeholder are no secrets; what mixes letters and
 * digits, or has no vowels, or has letters in random case, may be one. Every look is bounded.
 */
final class ValueLook {
    private static final int LONGEST = 128;
    private static final int UUID_LENGTH = 36;

    /** What stands where a value would, and is none. */
    private static final WordList NO_VALUE = WordList.of("""
            null nil none undefined true false yes no required optional missing invalid expired empty unset set blank
            redacted hidden masked filtered string str text char charsequence secretstr n/a incorrect wrong changed
            unchanged ok disabled enabled present absent include omit same-origin inherit reset rotate change update
            recovery
            """);

    /** How the prose of a check or of an operating system begins, where it stands behind a secret's name. */
    private static final WordList BEGINS_PROSE = WordList.of("""
            must should shall cannot can can't may might is isn't are was were has have had not no does doesn't do
            did didn't will would contains required missing invalid incorrect wrong expired mismatch too at length
            size field value please permission unable failed failure error rejected changed updated reset rotated
            never only use enter expected could unexpected unknown unauthorized forbidden access authentication none
            ok cache unrecognized unsupported
            """);

    /** Words of letters and digits that everybody writes. */
    private static final WordList TECHNICAL = WordList.of("""
            oauth1 oauth2 saml2 sha256 sha384 sha512 ed25519 secp256k1 base64 base32 pbkdf2 argon2id scrypt2 aes128
            aes256 rsa2048 rsa4096 pkcs12 http11 log4j2 junit5 ubuntu2204 mysql8 postgres16 python3 java17 java21
            win32 linux64 arm64v8 x8664 amd64 utf16le
            """);

    private static final WordList SCHEMA = WordList.of("""
            type $ref title description format minLength maxLength required default valueFrom secretKeyRef nullable
            anyOf oneOf pattern example label widget
            """);

    /** The objects that programs and templates take values from. */
    private static final WordList REFERENCES = WordList.of("""
            process os System env secrets vars var config this self local data module settings import
            """);

    private ValueLook() {}

    // ---- no value

    /** Returns whether what stands here is no value: a placeholder, a reference, a mask, or a word for none. */
    static boolean isNoValue(String text, int from, int to) {
        int length = to - from;
        if (length == 0 || isOneCharacter(text, from, to)) {
            return true;
        }
        if (length > LONGEST) {
            return false;
        }
        char first = text.charAt(from);
        if (first == '$' || first == '%' || first == '{' || first == '<' || first == '(') {
            return isPlaceholder(text, from, to);
        }
        if (first == ':' && endOfLetters(text, from + 1, to) == to) {
            return true; // a parameter of a statement: token = :token
        }
        if (isReference(text, from, to)) {
            return !looksSecret(text, from, to);
        }
        if (length > 3 && text.charAt(to - 1) == '(' && text.startsWith(")", to)) {
            return isName(text, from, to - 1); // a call: getPassword()
        }
        return length <= 12 && NO_VALUE.has(text, from, to);
    }

    /** Returns whether the name of the next value stands here, with its colon, so that this one is empty. */
    static boolean isNextName(String text, int at) {
        int colon = endOfLetters(text, at, Math.min(text.length(), at + LONGEST));
        boolean name = colon > at && colon < text.length() && text.charAt(colon) == ':';
        return name && (colon + 1 == text.length() || Chars.isBlank(text.charAt(colon + 1)));
    }

    /** {@code process.env.TOKEN}, {@code secrets.TOKEN}. */
    private static boolean isReference(String text, int from, int to) {
        int dot = endOfLetters(text, from, to);
        return dot < to && text.charAt(dot) == '.' && REFERENCES.has(text, from, dot);
    }

    /** A mask of another tool: {@code ****}, {@code xxxx}, {@code ....}; one digit or letter alone may be a value. */
    private static boolean isOneCharacter(String text, int from, int to) {
        char first = text.charAt(from);
        if (Chars.isAlphanumeric(first) && (to - from < 3 || (first != 'x' && first != 'X'))) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != first) {
                return false;
            }
        }
        return true;
    }

    /** {@code ${NAME}}, {@code $NAME}, {@code $(command)}, <code>{{ .Values.name }}</code>, {@code {name}}, {@code <name>}, {@code %s}. */
    private static boolean isPlaceholder(String text, int from, int to) {
        char first = text.charAt(from);
        if (first == '%') {
            return to - from == 2 || (to - from > 2 && text.charAt(to - 1) == '%' && isName(text, from + 1, to - 1));
        }
        int start = from;
        while (start < to && "${(<".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        int end = to;
        while (end > start && "})>".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return first != '(' && isName(text, start, end);
    }

    /** Returns whether this is made of the words of names, with blanks or not. */
    private static boolean isName(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!Chars.isKeyPart(c) && c != ' ' && c != '[' && c != ']' && c != '/') {
                return false;
            }
        }
        return !hasSecretWord(text, from, to);
    }

    // ---- prose

    /**
     * Returns whether the prose of a check stands here: {@code must not be blank}, {@code Permission denied}. It begins with a word
     * of a short list, and goes on with plain words to the end of its clause.
     */
    static boolean isCheckProse(String text, int from, int to) {
        int end = Math.min(to, from + LONGEST);
        int word = endOfLetters(text, from, end);
        if (word == from || word - from > 14 || !BEGINS_PROSE.has(text, from, word)) {
            return false;
        }
        int clause = word;
        while (clause < end && !Chars.isClauseEnd(text.charAt(clause))) {
            clause++;
        }
        boolean more = word < clause && Chars.isBlank(text.charAt(word));
        return (more || NO_VALUE.has(text, from, word)) && !hasSecretWord(text, from, clause);
    }

    /** Returns whether only plain words stand here, up to the end of the clause, and at least one. */
    static boolean isPlainProse(String text, int from, int to) {
        int end = Math.min(to, from + LONGEST);
        int clause = from;
        while (clause < end && !Chars.isClauseEnd(text.charAt(clause))) {
            clause++;
        }
        return clause > from && Chars.isLetter(text.charAt(from)) && !hasSecretWord(text, from, clause);
    }

    private static int endOfLetters(String text, int from, int to) {
        int i = from;
        while (i < to && (Chars.isLetter(text.charAt(i)) || text.charAt(i) == '\'')) {
            i++;
        }
        return i;
    }

    /** Returns whether a quoted value under a sure name is none: a placeholder, or the prose of a check and nothing else. */
    static boolean isExcused(String text, int from, int to) {
        return isNoValue(text, from, to)
                || (to - from < LONGEST && isCheckProse(text, from, to) && !hasSecretWord(text, from, to));
    }

    /** Returns whether this is a key by which a JSON schema or a form describes a value. */
    static boolean isSchemaWord(String key) {
        return SCHEMA.has(key, 0, key.length());
    }

    // ---- the look of a secret

    /** Returns whether any of the parts between blanks and punctuation looks like a secret. */
    static boolean hasSecretPart(String text, int from, int to) {
        int end = Math.min(to, from + 2 * LONGEST);
        int i = from;
        while (i < end) {
            int part = i;
            while (part < end && !Chars.isValueEnd(text.charAt(part))) {
                part++;
            }
            if (looksSecret(text, i, part)) {
                return true;
            }
            i = part + 1;
        }
        return false;
    }

    /** Returns whether what stands here, without blanks, looks like a secret. */
    static boolean looksSecret(String text, int from, int to) {
        int end = Math.min(to, from + LONGEST);
        if (end - from < 6 || isUuid(text, from, to)) {
            return false;
        }
        char first = text.charAt(from);
        if (first == '/'
                || first == '.'
                || first == '~'
                || first == '@'
                || text.startsWith("://", endOfLetters(text, from, end))) {
            return false; // a path or an address
        }
        return hasSecretWord(text, from, end) || hasOddSymbols(text, from, end);
    }

    /** Returns whether any run of letters and digits is no word, no number and no identifier. */
    private static boolean hasSecretWord(String text, int from, int to) {
        int i = from;
        while (i < to) {
            if (!Chars.isAlphanumeric(text.charAt(i))) {
                i++;
                continue;
            }
            int end = i;
            int digits = 0;
            while (end < to && Chars.isAlphanumeric(text.charAt(end))) {
                digits += Chars.isDigit(text.charAt(end)) ? 1 : 0;
                end++;
            }
            if (!isPlainWord(text, i, end, digits)) {
                return true;
            }
            i = end;
        }
        return false;
    }

    private static boolean isPlainWord(String text, int from, int to, int digits) {
        int length = to - from;
        if (digits == length) {
            return true;
        }
        if (digits > 0) {
            return length < 6 || (length <= 10 && TECHNICAL.has(text, from, to));
        }
        return isPronounceable(text, from, to);
    }

    /** Returns whether letters read like one word or like several in camel case: vowels come along, and no part has but one letter. */
    private static boolean isPronounceable(String text, int from, int to) {
        int single = 0;
        int consonants = 0;
        int part = 0;
        int parts = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean starts = Chars.isUpper(c) && i > from && !Chars.isUpper(text.charAt(i - 1));
            if (starts) {
                single += part == 1 ? 1 : 0;
                parts++;
                part = 0;
            }
            part++;
            boolean vowel = Chars.isVowel(c);
            consonants = vowel || starts ? 0 : consonants + 1;
            if (consonants > 6) {
                return false;
            }
        }
        int length = to - from;
        return single <= 1 && (length < 8 || 3 * parts < length);
    }

    /** Two or more of these among letters are rare outside of passwords. */
    private static boolean hasOddSymbols(String text, int from, int to) {
        int odd = 0;
        for (int i = from; i < to; i++) {
            odd += Chars.isOdd(text.charAt(i)) ? 1 : 0;
        }
        return odd > 1 && !text.startsWith("${", from) && !text.startsWith("%", from);
    }

    private static boolean isUuid(String text, int from, int to) {
        if (to - from != UUID_LENGTH) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(from + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean hex = Chars.isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (dash ? c != '-' : !hex) {
                return false;
            }
        }
        return true;
    }
}
