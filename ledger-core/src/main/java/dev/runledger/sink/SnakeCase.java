package dev.runledger.sink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Writes camelCase names in snake_case, and remembers up to a thousand of them. */
final class SnakeCase {
    private static final int MAX_KNOWN = 1000;
    private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

    private SnakeCase() {}

    static String of(String name) {
        String known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        String snake = toSnakeCase(name);
        if (KNOWN.size() < MAX_KNOWN) { // an application that makes names up must not fill the heap with them
            KNOWN.put(name, snake);
        }
        return snake;
    }

    private static String toSnakeCase(String name) {
        StringBuilder snake = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                boolean afterLower =
                        i > 0 && !Character.isUpperCase(name.charAt(i - 1)) && isWordPart(name.charAt(i - 1));
                boolean beforeLower = i > 0
                        && isWordPart(name.charAt(i - 1))
                        && i + 1 < name.length()
                        && Character.isLowerCase(name.charAt(i + 1));
                if (afterLower || beforeLower) {
                    snake.append('_');
                }
                snake.append(Character.toLowerCase(c));
            } else {
                snake.append(c == '-' ? '_' : c);
            }
        }
        return snake.toString();
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c);
    }
}
