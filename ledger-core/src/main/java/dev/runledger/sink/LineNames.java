package dev.runledger.sink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How fields are named on a line: writes their names, and remembers up to a thousand of them. Thread-safe. */
enum LineNames {
    /** As they are. */
    CAMEL_CASE {
        @Override
        String of(String name) {
            return name;
        }
    },
    /** As {@code queue_wait_ms}. */
    SNAKE_CASE,
    /** As {@code runledger.queue_wait_ms}. */
    UNDER_ONE_OBJECT;

    /** The object under which an index finds every field of ours. ECS asks for a proper name for what is not its own. */
    static final String OBJECT = "runledger.";

    private static final int MAX_KNOWN = 1000;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    /** Returns the name as it is written. */
    String of(String name) {
        String before = known.get(name);
        if (before != null) {
            return before;
        }
        String written = this == UNDER_ONE_OBJECT ? OBJECT + toSnakeCase(name) : toSnakeCase(name);
        if (known.size() < MAX_KNOWN) { // an application that makes names up must not fill the heap with them
            known.put(name, written);
        }
        return written;
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
