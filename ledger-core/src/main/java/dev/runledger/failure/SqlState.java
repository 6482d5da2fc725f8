package dev.runledger.failure;

import dev.runledger.failure.Failure.Category;
import java.util.Map;

/** What an SQLSTATE says: classes of the SQL standard, and codes of PostgreSQL's appendix A. */
final class SqlState {
    private static final Map<String, Category> CODES = Map.of(
            "57014", Category.TIMEOUT, // query_canceled: a statement timeout says so too
            "57P01", Category.CONNECTIVITY, // admin_shutdown
            "57P02", Category.CONNECTIVITY, // crash_shutdown
            "57P03", Category.CONNECTIVITY, // cannot_connect_now
            "53300", Category.CONNECTIVITY, // too_many_connections
            "55P03", Category.TIMEOUT, // lock_not_available
            "42501", Category.AUTHENTICATION); // insufficient_privilege

    private static final Map<String, Category> CLASSES = Map.of(
            "08", Category.CONNECTIVITY,
            "28", Category.AUTHENTICATION,
            "22", Category.SCHEMA,
            "23", Category.SCHEMA,
            "42", Category.SCHEMA);

    private SqlState() {}

    static Category categoryOf(Throwable error) {
        if (!(ReflectiveGetters.of(error, "getSQLState") instanceof String state) || state.length() != 5) {
            return Category.UNKNOWN;
        }
        Category code = CODES.get(state);
        return code != null ? code : CLASSES.getOrDefault(state.substring(0, 2), Category.UNKNOWN);
    }
}
