package dev.runledger.run;

import java.util.Map;

/** What an SQLSTATE says: classes of the SQL standard, and codes of PostgreSQL's appendix A. */
final class SqlState {
    private static final Map<String, ErrorCategory> CODES = Map.of(
            "57014", ErrorCategory.TIMEOUT, // query_canceled: a statement timeout says so too
            "57P01", ErrorCategory.CONNECTIVITY, // admin_shutdown
            "57P02", ErrorCategory.CONNECTIVITY, // crash_shutdown
            "57P03", ErrorCategory.CONNECTIVITY, // cannot_connect_now
            "53300", ErrorCategory.CONNECTIVITY, // too_many_connections
            "55P03", ErrorCategory.TIMEOUT, // lock_not_available
            "42501", ErrorCategory.AUTHENTICATION); // insufficient_privilege

    private static final Map<String, ErrorCategory> CLASSES = Map.of(
            "08", ErrorCategory.CONNECTIVITY,
            "28", ErrorCategory.AUTHENTICATION,
            "22", ErrorCategory.SCHEMA,
            "23", ErrorCategory.SCHEMA,
            "42", ErrorCategory.SCHEMA);

    private SqlState() {}

    static ErrorCategory categoryOf(Throwable error) {
        if (!(Answers.of(error, "getSQLState") instanceof String state) || state.length() != 5) {
            return ErrorCategory.UNKNOWN;
        }
        ErrorCategory code = CODES.get(state);
        return code != null ? code : CLASSES.getOrDefault(state.substring(0, 2), ErrorCategory.UNKNOWN);
    }
}
