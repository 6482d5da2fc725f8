package dev.runledger.sink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How field names are written on the log line. The JSON form, the store and the schema stay camelCase. */
public enum LineNaming {
    /** {@code queueWaitMs}; the default. */
    CAMEL_CASE {
        @Override
        String apply(String name) {
            return name;
        }
    },
    /** {@code queue_wait_ms}. */
    SNAKE_CASE {
        @Override
        String apply(String name) {
            String known = SNAKE_NAMES.get(name);
            if (known != null) {
                return known;
            }
            String snake = toSnakeCase(name);
            if (SNAKE_NAMES.size() < MAX_KNOWN) { // a host that makes names up must not fill the heap with them
                SNAKE_NAMES.put(name, snake);
            }
            return snake;
        }
    };

    private static final int MAX_KNOWN = 1000;
    private static final Map<String, String> SNAKE_NAMES = new ConcurrentHashMap<>();

    abstract String apply(String name);

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
