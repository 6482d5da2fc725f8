package dev.runledger.event;

import java.util.Locale;
import java.util.Set;

/** Says which names a custom field may have. The rules are those of log encoders, which lose lines over the wrong names. */
final class ReservedNames {
    /** Names that log encoders write themselves; a second one makes some of them lose the line. */
    private static final Set<String> RESERVED = Set.of(
            "message",
            "level",
            "tags",
            "timestamp",
            "logger",
            "thread",
            "service",
            "log",
            "host",
            "process",
            "error",
            "ecs",
            "severity",
            "exception",
            "throwable",
            "mdc",
            "logger_name",
            "loggername",
            "thread_name",
            "threadname",
            "level_value",
            "levelvalue",
            "stack_trace",
            "stacktrace");

    private static final int MAX_NAME = 128;

    private ReservedNames() {}

    /** Returns whether it is a name: a letter, then letters, digits and {@code . _ -}, at most 128 in all. */
    static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME || !isLetter(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetter(c) && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Returns whether an encoder owns the name or its first segment: {@code error.code} needs an object that {@code error} is not. */
    static boolean isReserved(String name) {
        int dot = name.indexOf('.');
        return RESERVED.contains((dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT));
    }

    /** Returns whether one name is the dotted prefix of the other, so that no document could hold both. */
    static boolean clash(String one, String other) {
        return isPrefix(one, other) || isPrefix(other, one);
    }

    private static boolean isPrefix(String shorter, String longer) {
        return longer.length() > shorter.length()
                && longer.charAt(shorter.length()) == '.'
                && longer.startsWith(shorter);
    }
}
