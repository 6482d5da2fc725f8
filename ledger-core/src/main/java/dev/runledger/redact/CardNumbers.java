package dev.runledger.redact;

/** Recognises payment card numbers: 13 to 19 digits, in groups or not, of a known first digit and with a valid check digit. */
final class CardNumbers {
    static final int MIN_DIGITS = 13;
    private static final int MAX_DIGITS = 19;

    private CardNumbers() {}

    /** Returns the end of the card number that starts here, or -1. The check digit is Luhn's (ISO/IEC 7812-1). */
    static int endAt(String text, int at) {
        char first = text.charAt(at);
        if (first < '3' || first > '6' || (at > 0 && isJoined(text.charAt(at - 1)))) {
            return -1; // a digit of another number or of an id
        }
        if (!isDigitAt(text, at + 1) || !isDigitAt(text, at + 2) || !isDigitAt(text, at + 3)) {
            return -1; // groups have four digits or more
        }
        int[] digits = new int[MAX_DIGITS];
        int count = 0;
        int card = -1;
        int i = at;
        while (i < text.length() && count < MAX_DIGITS) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits[count++] = c - '0';
                i++;
                if (endsNumber(text, i) && count >= MIN_DIGITS && isLuhn(digits, count)) {
                    card = i; // and yet a longer one may follow: digits after a space can be its or the expiry date's
                }
            } else if ((c == ' ' || c == '-') && count >= 4 && isDigitAt(text, i + 1)) {
                i++;
            } else {
                break;
            }
        }
        return card;
    }

    private static boolean endsNumber(String text, int at) {
        if (at == text.length()) {
            return true;
        }
        char c = text.charAt(at);
        boolean decimal = c == '.' && isDigitAt(text, at + 1);
        return !Character.isLetterOrDigit(c) && c != '_' && !decimal;
    }

    private static boolean isJoined(char before) {
        return before == '.' || before == '-' || before == '_' || before == '#';
    }

    private static boolean isDigitAt(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static boolean isLuhn(int[] digits, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            int digit = digits[count - 1 - i];
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
