package dev.runledger.jdbi;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tables, and how they get into a statement. They are the only texts of a configuration that become part of SQL, so
 * they are checked by a pattern and quoted all the same.
 *
 * @param schema the schema of the tables, or null for the one of the connection
 * @param prefix the prefix of their names
 */
record Tables(@Nullable String schema, String prefix) {
    private static final Pattern SCHEMA = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,29}_");
    private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z_]+)}");

    /** The words that PostgreSQL reserves fully, from appendix C of its manual. Quoted they would work here, and nowhere else. */
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create"
                            + " current_catalog current_date current_role current_time current_timestamp current_user"
                            + " default deferrable desc distinct do else end except false fetch for foreign from grant"
                            + " group having in initially intersect into lateral leading limit localtime localtimestamp"
                            + " not null offset on only or order placing primary references returning select"
                            + " session_user some symmetric system_user table then to trailing true union unique user"
                            + " using variadic when where window with")
                    .split(" "));

    Tables {
        if (schema != null && !isName(SCHEMA, schema)) {
            throw new IllegalArgumentException(
                    "schema is '%s', expected a-z, then up to 62 of a-z 0-9 _, no reserved word and not pg_"
                            .formatted(shown(schema)));
        }
        if (!isName(PREFIX, prefix)) {
            throw new IllegalArgumentException(
                    "tablePrefix is '%s', expected a-z, up to 29 of a-z 0-9 _, and a _ at the end, and neither pg_ nor sqlite_ first"
                            .formatted(shown(prefix)));
        }
    }

    private static boolean isName(Pattern pattern, String name) {
        boolean isSystem = name.startsWith("pg_") || name.startsWith("sqlite_");
        return pattern.matcher(name).matches() && !RESERVED.contains(name) && !isSystem;
    }

    private static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.chars().limit(64).forEach(c -> shown.append(c >= ' ' && c < 0x7F ? (char) c : '?'));
        return name.length() > 64 ? shown + "..." : shown.toString();
    }

    /** Returns the statement with {@code ${run}}, {@code ${task}}, {@code ${event}} and the like replaced by their names. */
    String in(String template) {
        Matcher place = PLACE.matcher(template);
        StringBuilder sql = new StringBuilder(template.length() + 64);
        while (place.find()) {
            place.appendReplacement(sql, Matcher.quoteReplacement(named(place.group(1))));
        }
        return place.appendTail(sql).toString();
    }

    /** Returns the name of a table, or else of an index, which takes no schema where it is made. */
    private String named(String name) {
        return switch (name) {
            case "run" -> table("run");
            case "task" -> table("task");
            case "event" -> table("event");
            case "in_flight",
                    "wait",
                    "delivery",
                    "ended",
                    "payload",
                    "refusal",
                    "lease",
                    "instance",
                    "identity_key",
                    "schema_version" -> table(name);
            default -> quoted(prefix + name);
        };
    }

    private String table(String name) {
        return (schema == null ? "" : quoted(schema) + '.') + quoted(prefix + name);
    }

    private static String quoted(String name) {
        return '"' + name.toLowerCase(Locale.ROOT) + '"';
    }
}
