package dev.runledger.event;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says which names a custom field may have. The rules are those of log encoders and indexes, which lose lines over the wrong names. A name is
 * judged as every naming would write it: {@code runId}, {@code run_id} and {@code run-id} are one name.
 */
final class ReservedNames {
    /** Names that log encoders write themselves; a second one makes some of them lose the line, and others the field. */
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
            "loggername",
            "threadname",
            "levelname",
            "levelvalue",
            "stacktrace",
            "id", // from here on those of GELF
            "processpid",
            "processthreadname",
            "loglogger",
            "serviceversion",
            "errortype",
            "errorstacktrace");

    private static final Set<String> OF_CONTRACT = Arrays.stream(EventField.values())
            .map(field -> spelling(field.fieldName()))
            .collect(Collectors.toUnmodifiableSet());

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

    /** Returns what the spellings of a name have in common, in whatever naming it is written. */
    static String spelling(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** Returns whether an encoder owns the name or its first segment: {@code error.code} needs an object that {@code error} is not. */
    static boolean isReserved(String name) {
        return RESERVED.contains(spelling(firstSegment(name)));
    }

    /** Returns whether a custom name is one of the contract in another spelling, or would make an object of one: {@code event.dataset}. */
    static boolean isOfContract(String custom) {
        return OF_CONTRACT.contains(spelling(firstSegment(custom)));
    }

    private static String firstSegment(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** Returns whether two names, given by their spelling, are the same, or one the dotted prefix of the other; no document holds both. */
    static boolean clash(String one, String other) {
        return one.equals(other) || isPrefix(one, other) || isPrefix(other, one);
    }

    private static boolean isPrefix(String shorter, String longer) {
        return longer.length() > shorter.length()
                && longer.charAt(shorter.length()) == '.'
                && longer.startsWith(shorter);
    }
}
