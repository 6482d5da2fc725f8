package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/** Keeps the prepared statements of one connection between calls: SQLite takes as long to prepare one as to run it. */
final class StatementCache extends DefaultStatementBuilder {
    private static final int KEPT = 32;

    private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();
    private final IdentityHashMap<Statement, String> lent = new IdentityHashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        PreparedStatement kept = idle.remove(sql);
        PreparedStatement prepared = kept != null ? kept : super.create(connection, sql, context);
        lent.put(prepared, sql);
        return prepared;
    }

    /** Keeps the statement. Jdbi passes the text with names, not the prepared one; it has closed the rows, which held the file. */
    @Override
    public void close(Connection connection, String named, Statement statement) throws SQLException {
        String sql = lent.remove(statement);
        if (sql == null || !(statement instanceof PreparedStatement prepared) || !isFit(prepared)) {
            statement.close();
            return;
        }
        PreparedStatement twin = idle.put(sql, prepared);
        if (twin != null) {
            twin.close();
        }
        if (idle.size() > KEPT) {
            Iterator<PreparedStatement> all = idle.values().iterator();
            PreparedStatement longestIdle = all.next();
            all.remove();
            longestIdle.close();
        }
    }

    /** Returns whether the statement can be used again: the driver gives up one that failed. */
    private static boolean isFit(PreparedStatement statement) {
        try {
            statement.clearParameters();
            return true;
        } catch (SQLException given) {
            return false;
        }
    }
}
