package dev.runledger.event;

import java.util.Locale;
import java.util.Set;

/** Which names a host's own field may have: the rules are the encoders', who lose lines over the wrong ones. */
final class FieldNames {
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

    private FieldNames() {}

    /** Whether an encoder owns the name or its first segment: {@code error.code} needs an object that {@code error} is not. */
    static boolean isReserved(String name) {
        int dot = name.indexOf('.');
        return RESERVED.contains((dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT));
    }

    /** Whether one name is the dotted prefix of the other, so that no document could hold both. */
    static boolean clash(String one, String other) {
        return isPrefix(one, other) || isPrefix(other, one);
    }

    private static boolean isPrefix(String shorter, String longer) {
        return longer.length() > shorter.length()
                && longer.charAt(shorter.length()) == '.'
                && longer.startsWith(shorter);
    }
}
