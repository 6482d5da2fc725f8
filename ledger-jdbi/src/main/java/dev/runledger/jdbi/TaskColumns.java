package dev.runledger.jdbi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.state.TaskState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of a task: the order in which they are selected, and how they are written and read. */
final class TaskColumns {
    private static final List<String> REQUEST =
            List.of("id", "run_id", "name", "verb", "kind", "instrument", "retry", "timeout_ms", "permissions");

    private static final List<String> STATE = List.of(
            "state",
            "seq",
            "execution",
            "attempt",
            "started_at",
            "attempted_at",
            "changed_at",
            "exit_code",
            "status_code",
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

    /**
     * Returns the select list of a task.
     *
     * @param task the prefix of its columns
     */
    static String select(String task) {
        return select(task, Body.INPUT.ofTask(task, "input") + ", " + Body.OUTPUT.ofTask(task, "output"));
    }

    /**
     * Returns the select list of a task without its input and its output.
     *
     * @param task the prefix of its columns
     */
    static String light(String task) {
        return select(task, "NULL AS input, NULL AS output");
    }

    private static String select(String task, String payloads) {
        return REQUEST.stream().map(column -> task + column + ", ").collect(Collectors.joining())
                + payloads
                + STATE.stream().map(column -> ", " + task + column).collect(Collectors.joining());
    }

    /** Returns the columns of a task that is inserted. */
    static String inserted() {
        return String.join(", ", REQUEST) + ", " + String.join(", ", STATE) + ", payloads";
    }

    /**
     * Returns the values of a task that starts or is skipped at this moment, in the order of {@link #inserted()}.
     *
     * @param execution SQL for the execution of its run
     */
    static String begun(String moment, String execution) {
        return REQUEST.stream().map(column -> ":task_" + column).collect(Collectors.joining(", "))
                + ", :state, 1, %s, :attempt, %s, %s, %s".formatted(execution, moment, moment, moment)
                + ", NULL, NULL, NULL, NULL, :reason, NULL, NULL, NULL, NULL, NULL, NULL, :payloads";
    }

    /** Returns the values of a task that is inserted as it stands, in the order of {@link #inserted()}. */
    static String asItIs() {
        return REQUEST.stream().map(column -> ":task_" + column).collect(Collectors.joining(", "))
                + STATE.stream().map(column -> ", :" + column).collect(Collectors.joining()) + ", :payloads";
    }

    /** Binds a task, for {@link #asItIs()}. */
    static void bind(Binder binder, TaskRun task) {
        bindRequest(binder, task.request(), task.runId());
        binder.constant("state", task.state())
                .number("seq", task.seq())
                .number("execution", (long) task.execution())
                .number("attempt", (long) task.attempt())
                .instant("started_at", task.startedAt())
                .instant("attempted_at", task.attemptedAt())
                .instant("changed_at", task.changedAt())
                .text("reason", task.reason())
                .number("payloads", (long) (Body.INPUT.bitIf(
                                task.request().input().isPresent())
                        | Body.OUTPUT.bitIf(
                                task.result().flatMap(TaskRun.Result::output).isPresent())));
        bindEnd(binder, task.result(), task.failure());
    }

    static void bindRequest(Binder binder, NewTask task, RunId runId) {
        binder.text("task_id", task.id().orElseThrow().value())
                .text("task_run_id", runId.value())
                .text("task_name", task.name())
                .text("task_verb", task.verb())
                .constant("task_kind", task.kind())
                .text("task_instrument", task.instrument())
                .text("task_retry", write(task.retry()))
                .number(
                        "task_timeout_ms",
                        task.timeout().map(Duration::toMillis).orElse(null))
                .text("task_permissions", permissions(task.permissions()));
    }

    /** Binds the end of an attempt, or nothing if a further attempt starts. */
    static void bindEnd(Binder binder, Optional<TaskRun.Result> result, Optional<Failure> failure) {
        binder.number(
                        "exit_code",
                        result.flatMap(TaskRun.Result::exitCode)
                                .map(Integer::longValue)
                                .orElse(null))
                .number(
                        "status_code",
                        result.flatMap(TaskRun.Result::statusCode)
                                .map(Integer::longValue)
                                .orElse(null))
                .number(
                        "output_bytes",
                        result.flatMap(TaskRun.Result::outputBytes).orElse(null))
                .flag("timed_out", result.map(TaskRun.Result::timedOut).orElse(null))
                .text("failure_reason", failure.map(Failure::reason));
        RunColumns.bindFailure(binder, failure);
    }

    /** Reads a row of {@link #select}; an {@link IllegalArgumentException} names what cannot be read. */
    static TaskRun read(Row row) throws SQLException {
        TaskId id = TaskId.of(row.requiredText());
        RunId runId = RunId.of(row.requiredText());
        NewTask request = Row.with(request(id, row), PayloadColumn.read("input", row.text()), NewTask::input);
        Payload output = PayloadColumn.read("output", row.text());
        TaskState state = row.constant(TaskState.class);
        long seq = row.number();
        int execution = row.integer();
        int attempt = row.integer();
        Instant startedAt = row.requiredInstant();
        Instant attemptedAt = row.requiredInstant();
        Instant changedAt = row.requiredInstant();
        TaskRun.Result result = result(row, output);
        TaskRun.Builder task = TaskRun.builder(request, runId, startedAt)
                .state(state)
                .seq(seq)
                .execution(execution)
                .attempt(attempt)
                .attemptedAt(attemptedAt)
                .changedAt(changedAt)
                .result(result)
                .reason(row.text());
        return task.failure(RunColumns.failure(row, row.text())).build();
    }

    private static NewTask request(TaskId id, Row row) throws SQLException {
        String name = row.requiredText();
        String verb = row.requiredText();
        NewTask task = NewTask.of(name, row.constant(NewTask.Kind.class))
                .id(id)
                .verb(verb)
                .instrument(row.requiredText())
                .retry(retry(row.requiredText()));
        task = Row.with(task, row.nullableNumber(), (asked, millis) -> asked.timeout(Duration.ofMillis(millis)));
        return task.permissions(Json.texts("permissions", row.text()).keySet());
    }

    private static TaskRun.@Nullable Result result(Row row, @Nullable Payload output) throws SQLException {
        Integer exitCode = row.nullableInteger();
        Integer statusCode = row.nullableInteger();
        Long outputBytes = row.nullableNumber();
        Boolean timedOut = row.nullableFlag();
        if (timedOut == null) {
            return null;
        }
        TaskRun.Result result = Row.with(TaskRun.Result.nothing(), output, TaskRun.Result::output);
        result = Row.with(result, exitCode, TaskRun.Result::exitCode);
        result = Row.with(result, statusCode, TaskRun.Result::statusCode);
        result = Row.with(result, outputBytes, TaskRun.Result::outputBytes);
        return timedOut ? result.ranOutOfTime() : result;
    }

    private static String write(RetryPolicy retry) {
        return Json.object(json -> {
            json.writeNumberField("maxAttempts", retry.maxAttempts());
            json.writeNumberField("firstDelayMs", retry.backoff().first().toMillis());
            json.writeNumberField("factor", retry.backoff().factor());
            json.writeNumberField("maxDelayMs", retry.backoff().longest().toMillis());
        });
    }

    private static RetryPolicy retry(String text) {
        JsonNode retry = Json.read("retry", text);
        return new RetryPolicy(
                retry.path("maxAttempts").asInt(),
                new RetryPolicy.Backoff(
                        Duration.ofMillis(retry.path("firstDelayMs").asLong()),
                        retry.path("factor").asDouble(),
                        Duration.ofMillis(retry.path("maxDelayMs").asLong())));
    }

    /** Writes a set as an object whose members are empty texts. */
    private static @Nullable String permissions(Set<String> permissions) {
        Map<String, String> members = new LinkedHashMap<>();
        permissions.stream().sorted().forEach(permission -> members.put(permission, ""));
        return Json.ofTexts(members);
    }
}
