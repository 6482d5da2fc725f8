package dev.runledger.jdbi;

import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Transition;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import dev.runledger.store.TaskChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes many calls of one shape by one statement of PostgreSQL. Thread-safe. */
final class PostgresBatches {
    private static final PostgresChanges MANY = new PostgresChanges(true);
    private static final Instant EARLIEST_PLAIN = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST_PLAIN = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * The settings of each statement. A row of a unique index that another transaction has not committed yet is not waited for. The plan is
     * made once, for arrays of any length, and takes each row by its key: on a young table the planner would rather read all of it, and go on
     * doing so when it has grown.
     */
    static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "lock_timeout", "25ms",
            "plan_cache_mode", "force_generic_plan",
            "jit", "off",
            "cpu_index_tuple_cost", "1",
            "enable_seqscan", "off",
            "enable_bitmapscan", "off",
            "enable_material", "off",
            "enable_hashjoin", "off",
            "enable_mergejoin", "off"));

    /** Goes before each statement, in the same round trip and so in the same transaction, at whose end the settings are gone. */
    private static final String SET = SETTINGS.entrySet().stream()
            .map(setting -> "set_config('%s', '%s', true)".formatted(setting.getKey(), setting.getValue()))
            .collect(Collectors.joining(", ", "SELECT ", "; "));

    /** What became of a call that was stored: its outcome, or that the row cannot be read. */
    record Answer(@Nullable CallOutcome outcome, @Nullable StoreException unreadable) {
        CallOutcome orElseThrow() {
            if (unreadable != null) {
                throw unreadable;
            }
            return Objects.requireNonNull(outcome);
        }
    }

    private final Tables tables;
    private final Map<Object, String> statements = new ConcurrentHashMap<>();

    PostgresBatches(Tables tables) {
        this.tables = tables;
    }

    /** Returns the shape of a call, by which calls can be made together, or null if this one has to be made alone. */
    @Nullable
    Object shape(StoreCommand<?> command) {
        if (command instanceof StoreCommand.DispatchRun dispatch) {
            return InsertShape.of(dispatch.run());
        }
        if (command instanceof RunChange change && change.command() != RunCommand.HAND_OFF && hasPlainTimes(change)) {
            return ChangeShape.of(change, false);
        }
        return command instanceof TaskChange change ? TaskShape.of(change, false) : null;
    }

    /** Returns whether the times of a call can be written as PostgreSQL reads them. */
    private static boolean hasPlainTimes(RunChange change) {
        return !(change instanceof RunChange.Suspend suspend)
                || suspend.newWait()
                        .deadline()
                        .filter(deadline -> deadline.isBefore(EARLIEST_PLAIN) || deadline.isAfter(LATEST_PLAIN))
                        .isEmpty();
    }

    /**
     * Makes calls of one shape, no two of which are about the same run or task; returns the answers of those that were stored, by what they
     * are about. The others did not fit, or something that another transaction has not committed yet is in their way.
     */
    Map<String, Answer> store(Connection connection, Object shape, List<StoreCommand<?>> commands) throws SQLException {
        BatchValues values = new BatchValues(commands.size());
        Map<String, StoreCommand<?>> bySubject = new LinkedHashMap<>();
        for (StoreCommand<?> command : commands) {
            bind(values.next(), command);
            bySubject.put(command.subject(), command);
        }
        String sql = statements.computeIfAbsent(shape, made -> SET + tables.in(text(made, values)));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            values.bindTo(statement);
            statement.execute();
            if (!statement.getMoreResults()) {
                throw new IllegalStateException("the statement of " + shape + " selects nothing");
            }
            return answers(statement.getResultSet(), bySubject);
        }
    }

    private static String text(Object shape, BatchValues values) {
        String statement;
        if (shape instanceof InsertShape run) {
            statement = MANY.dispatch(run);
        } else if (shape instanceof ChangeShape change) {
            statement = MANY.change(change);
        } else {
            TaskShape task = (TaskShape) shape;
            statement = task.kind().isBegin() ? MANY.begin(task) : MANY.change(task);
        }
        return "WITH " + values.source() + ", " + statement.substring("WITH ".length());
    }

    private static void bind(Binder binder, StoreCommand<?> command) {
        if (command instanceof StoreCommand.DispatchRun dispatch) {
            PostgresWriter.bind(binder, dispatch);
        } else if (command instanceof RunChange change) {
            PostgresWriter.bind(binder, change);
        } else {
            PostgresWriter.bind(binder, (TaskChange) command);
        }
    }

    private static Map<String, Answer> answers(ResultSet rows, Map<String, StoreCommand<?>> commands)
            throws SQLException {
        Map<String, Answer> answers = new HashMap<>();
        while (rows.next()) {
            String subject = rows.getString(1);
            answers.put(subject, answer(rows, Objects.requireNonNull(commands.get(subject))));
        }
        return answers;
    }

    private static Answer answer(ResultSet rows, StoreCommand<?> command) throws SQLException {
        try {
            return new Answer(outcome(new Row(rows, Database.POSTGRESQL, 1), command), null);
        } catch (IllegalArgumentException broken) {
            String what = (command instanceof TaskChange ? "task " : "run ") + command.subject();
            return new Answer(null, Reader.unreadable(what, Certainty.UNKNOWN, broken));
        }
    }

    private static CallOutcome outcome(Row row, StoreCommand<?> command) throws SQLException {
        if (command instanceof StoreCommand.DispatchRun dispatch) {
            return new Dispatch.Queued(Lifecycle.queued(dispatch.run(), row.requiredInstant()));
        }
        if (command instanceof RunChange change) {
            return new Transition.Applied(
                    Writer.asAsked(RunColumns.read(row, true).run(), change));
        }
        return PostgresWriter.read(row, (TaskChange) command);
    }
}
