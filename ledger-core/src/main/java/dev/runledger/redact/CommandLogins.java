package dev.runledger.redact;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the secrets of short options: {@code curl -u user:password}, {@code mysql -ppassword}, {@code docker login -p password}. They
 * mean something else to other commands, so the command has to stand before. Asked from the start of one text to its end, so that each
 * command is read once.
 */
final class CommandLogins {
    /** What the short options of a command say. */
    private enum Command {
        UNKNOWN,
        /** {@code -u user:password}. */
        CURL,
        /** {@code -ppassword}; with a blank it asks for one. */
        MYSQL,
        /** {@code -p password} or {@code -ppassword}. */
        SSHPASS,
        /** {@code -p password}, of {@code docker login} and its like. */
        LOGIN,
        /** {@code -a password}. */
        REDIS
    }

    private static final Map<String, Command> COMMANDS = Map.of(
            "curl", Command.CURL,
            "mysql", Command.MYSQL,
            "mysqldump", Command.MYSQL,
            "mysqladmin", Command.MYSQL,
            "mysqlimport", Command.MYSQL,
            "mariadb", Command.MYSQL,
            "mariadb-dump", Command.MYSQL,
            "sshpass", Command.SSHPASS,
            "login", Command.LOGIN,
            "redis-cli", Command.REDIS);

    private static final int LONGEST_COMMAND = 12;

    private final String text;
    private int readTo;
    private Command last = Command.UNKNOWN;

    CommandLogins(String text) {
        this.text = text;
    }

    /** Returns whether a short option that may have a secret starts with this dash. */
    static boolean mayStart(String text, int dash) {
        boolean first = dash == 0 || Chars.isBlank(text.charAt(dash - 1));
        return first && dash + 1 < text.length() && "uUpa".indexOf(text.charAt(dash + 1)) >= 0;
    }

    /** Returns the secret of the short option whose dash stands here, or null. */
    @Nullable
    Span at(int dash) {
        if (!mayStart(text, dash)) {
            return null;
        }
        int glued = dash + 2;
        int value = Chars.skipBlanks(text, glued);
        char option = text.charAt(dash + 1);
        return switch (commandBefore(dash)) {
            case CURL -> option == 'u' || option == 'U' ? afterColon(value) : null;
            case MYSQL -> option == 'p' && value == glued ? whole(value) : null;
            case SSHPASS -> option == 'p' ? whole(value) : null;
            case LOGIN -> option == 'p' && !isNumber(value) ? whole(value) : null;
            case REDIS -> option == 'a' && value > glued ? whole(value) : null;
            case UNKNOWN -> null;
        };
    }

    /** Returns the password of curl's {@code --user} and {@code --proxy-user}, whose value starts here; null for other commands. */
    @Nullable
    Span ofUser(int dash, int value) {
        return commandBefore(dash) == Command.CURL ? afterColon(value) : null;
    }

    private @Nullable Span whole(int at) {
        boolean quoted = at < text.length() && Chars.isQuote(text.charAt(at));
        int from = quoted ? at + 1 : at;
        int to = quoted ? Values.endOfQuoted(text, at, text.length()) : Values.endOfBare(text, at);
        return ValueLook.isNoValue(text, from, to) ? null : new Span(from, to);
    }

    private @Nullable Span afterColon(int at) {
        Span value = whole(at);
        int colon = value == null ? -1 : colonIn(value);
        if (value == null || colon < 0 || ValueLook.isNoValue(text, colon + 1, value.to())) {
            return null;
        }
        return new Span(colon + 1, value.to());
    }

    private int colonIn(Span value) {
        for (int i = value.from(); i < value.to(); i++) {
            if (text.charAt(i) == ':') {
                return i;
            }
        }
        return -1;
    }

    /** A number is a port; what is quoted is none. */
    private boolean isNumber(int at) {
        int end = Values.endOfBare(text, at);
        int i = at;
        while (i < end && (Chars.isDigit(text.charAt(i)) || text.charAt(i) == ':')) {
            i++;
        }
        return i == end && i > at;
    }

    private Command commandBefore(int at) {
        int i = readTo;
        while (i < at) {
            char c = text.charAt(i);
            if (!Chars.isUrl64(c)) {
                if (c == ';' || c == '|' || c == '&' || c == '\n') {
                    last = Command.UNKNOWN;
                }
                i++;
                continue;
            }
            int end = Chars.endOfUrl64(text, i);
            if (end - i <= LONGEST_COMMAND && "cmslr".indexOf(c) >= 0) {
                last = COMMANDS.getOrDefault(text.substring(i, end), last);
            }
            i = end;
        }
        readTo = Math.max(i, readTo);
        return last;
    }
}
