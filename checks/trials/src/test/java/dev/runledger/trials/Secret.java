package dev.runledger.trials;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A secret that no reader may find again.
 *
 * @param text the secret
 * @param sentence a text of an application that has the secret in it
 * @param name the name of a field that may have it
 */
record Secret(String text, String sentence, String name) {
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";

    /** Returns that many secrets, of every kind in turn, the same ones for the same seed. */
    static List<Secret> some(int count, long seed) {
        Random random = new Random(seed);
        List<Secret> secrets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            secrets.add(next(random, i));
        }
        return secrets;
    }

    private static Secret next(Random random, int index) {
        String token = token(random);
        return switch (index % 10) {
            case 0 -> new Secret(token, "jdbc:postgresql://h/db?user=a&password=" + token, "dbPassword");
            case 1 -> new Secret(token, "Authorization: Bearer " + token, "authorization");
            case 2 -> {
                String key = "AKIA" + token.substring(0, 16).toUpperCase(Locale.ROOT);
                yield new Secret(key, "used " + key, "awsAccessKey");
            }
            case 3 -> new Secret(token, "-----BEGIN PRIVATE KEY----- " + token, "privateKey");
            case 4 -> new Secret(token, "login with password=" + token, "password");
            case 5 -> new Secret(token, "Set-Cookie: sid=" + token + "; Path=/", "setCookie");
            case 6 -> {
                String card = card(random);
                yield new Secret(card, "paid with " + card, "cardNumber");
            }
            case 7 -> new Secret(token, "https://ada:" + token + "@example.org/", "connectionString");
            case 8 -> new Secret("ghp_" + token, "push with ghp_" + token, "githubToken");
            default -> new Secret(token, "{\"client_secret\":\"" + token + "\"}", "client_secret");
        };
    }

    private static String token(Random random) {
        StringBuilder token = new StringBuilder("Z9");
        while (token.length() < 24) {
            token.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return token.toString();
    }

    /** Returns sixteen digits whose last is the check digit of ISO/IEC 7812. */
    private static String card(Random random) {
        StringBuilder digits = new StringBuilder("4");
        while (digits.length() < 15) {
            digits.append(random.nextInt(10));
        }
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int digit = digits.charAt(i) - '0';
            int doubled = i % 2 == 0 ? 2 * digit : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return digits.append((10 - sum % 10) % 10).toString();
    }
}
