package dev.runledger.jdbi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.NewTask;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskRun;
import dev.runledger.state.TaskState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of a task: in what order they are selected, and what they say. */
final class TaskColumns {
    private static final List<String> REQUEST = List.of(
            "id", "run_id", "name", "verb", "kind", "instrument", "retry", "timeout_ms", "permissions", "input");

    private static final List<String> STATE = List.of(
            "state",
            "seq",
            "attempt",
            "started_at",
            "attempted_at",
            "changed_at",
            "output",
            "exit_code",
            "output_bytes",
            "timed_out",
            "reason",
            "failure_reason",
            "error_category",
            "uncaught",
            "error_class",
            "error_message",
            "error_stack");

    private TaskColumns() {}

    /** The select list of a task, of the table with this alias. */
    static String select(String alias) {
        return REQUEST.stream().map(column -> payload(alias, column)).collect(Collectors.joining(", "))
                + STATE.stream().map(column -> ", " + payload(alias, column)).collect(Collectors.joining());
    }

    private static String payload(String alias, String column) {
        return column.equals("input") || column.equals("output")
                ? PayloadColumn.select(alias + '.' + column) + " AS " + column
                : alias + '.' + column;
    }

    /** The columns of a task that is inserted. */
    static String inserted() {
        return String.join(", ", REQUEST) + ", " + String.join(", ", STATE);
    }

    /** The values of a task that starts or is skipped at this moment, in the order of {@link #inserted()}. */
    static String begun(String moment) {
        return REQUEST.stream().map(column -> ":task_" + column).collect(Collectors.joining(", "))
                + ", :state, 1, :attempt, %s, %s, %s".formatted(moment, moment, moment)
                + ", NULL, NULL, NULL, NULL, :reason, NULL, NULL, NULL, NULL, NULL, NULL";
    }

    static void bindRequest(Binder binder, NewTask task, RunId runId) {
        binder.text("task_id", Objects.requireNonNull(task.id()).value())
                .text("task_run_id", runId.value())
                .text("task_name", task.name())
                .text("task_verb", task.verb())
                .constant("task_kind", task.kind())
                .text("task_instrument", task.instrument())
                .text("task_retry", write(task.retry()))
                .number(
                        "task_timeout_ms",
                        task.timeout() == null ? null : (Long) task.timeout().toMillis())
                .text("task_permissions", permissions(task.permissions()))
                .text("task_input", PayloadColumn.write(task.input()));
    }

    static void bindResult(Binder binder, @Nullable TaskRun.Result result) {
        binder.text("output", result == null ? null : PayloadColumn.write(result.output()))
                .number(
                        "exit_code",
                        result == null || result.exitCode() == null
                                ? null
                                : (Long) result.exitCode().longValue())
                .number("output_bytes", result == null ? null : result.outputBytes())
                .flag("timed_out", result == null ? null : (Boolean) result.timedOut());
    }

    /** Reads a row of {@link #select}; an {@link IllegalArgumentException} names what cannot be read. */
    static TaskRun read(Row row) throws SQLException {
        TaskId id = TaskId.of(row.requiredText());
        RunId runId = RunId.of(row.requiredText());
        String name = row.requiredText();
        String verb = row.requiredText();
        NewTask.Kind kind = row.constant(NewTask.Kind.class);
        String instrument = row.requiredText();
        RetryPolicy retry = retry(row.requiredText());
        Long timeout = row.nullableNumber();
        Set<String> permissions = Json.texts("permissions", row.text()).keySet();
        NewTask request = new NewTask(
                id,
                name,
                verb,
                kind,
                instrument,
                retry,
                timeout == null ? null : Duration.ofMillis(timeout),
                permissions,
                PayloadColumn.read("input", row.text()));
        TaskState state = row.constant(TaskState.class);
        long seq = row.number();
        int attempt = row.integer();
        Instant startedAt = row.requiredInstant();
        Instant attemptedAt = row.requiredInstant();
        Instant changedAt = row.requiredInstant();
        TaskRun.Result result = result(row);
        String reason = row.text();
        Failure failure = RunColumns.failure(row, row.text());
        return new TaskRun(
                request, runId, state, seq, attempt, startedAt, attemptedAt, changedAt, result, failure, reason);
    }

    private static @Nullable TaskRun.Result result(Row row) throws SQLException {
        String output = row.text();
        Integer exitCode = row.nullableInteger();
        Long outputBytes = row.nullableNumber();
        Boolean timedOut = row.nullableFlag();
        return timedOut == null
                ? null
                : new TaskRun.Result(PayloadColumn.read("output", output), exitCode, outputBytes, timedOut);
    }

    private static String write(RetryPolicy retry) {
        return Json.object(json -> {
            json.writeNumberField("maxAttempts", retry.maxAttempts());
            json.writeNumberField("firstDelayMs", retry.firstDelay().toMillis());
            json.writeNumberField("factor", retry.factor());
            json.writeNumberField("maxDelayMs", retry.maxDelay().toMillis());
        });
    }

    private static RetryPolicy retry(String text) {
        JsonNode retry = Json.read("retry", text);
        return new RetryPolicy(
                retry.path("maxAttempts").asInt(),
                Duration.ofMillis(retry.path("firstDelayMs").asLong()),
                retry.path("factor").asDouble(),
                Duration.ofMillis(retry.path("maxDelayMs").asLong()));
    }

    /** A set is an object whose members say nothing but that they are there. */
    private static @Nullable String permissions(Set<String> permissions) {
        Map<String, String> members = new LinkedHashMap<>();
        permissions.stream().sorted().forEach(permission -> members.put(permission, ""));
        return Json.ofTexts(members);
    }
}
