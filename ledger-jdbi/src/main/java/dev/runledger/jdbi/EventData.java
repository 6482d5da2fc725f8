package dev.runledger.jdbi;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Recovery;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a change brought, as the JSON in the row of its event. Durations are not in it: they follow from the times of the rows, by the
 * functions that computed them for the live event.
 */
final class EventData {
    /** The head of a change that is read back, whose call id no longer matters. */
    private static final Head STORED = Head.of();

    private EventData() {}

    // ---- written

    /** Returns the data of the event of a dispatch, or null if there is none. */
    static @Nullable String of(Head head) {
        boolean isEmpty = head.customFields().isEmpty()
                && head.actor().isEmpty()
                && head.recovered().isEmpty();
        return isEmpty ? null : Json.object(json -> head(json, head));
    }

    private static void head(JsonGenerator json, Head head) throws IOException {
        Json.text(json, "actor", head.actor());
        Json.text(json, "recovered", head.recovered().map(Enum::name));
        custom(json, head.customFields());
    }

    /** Returns the data of the event of a change, or null if there is none. */
    static @Nullable String of(RunChange change) {
        return change instanceof RunChange.Succeed
                ? of(change.head())
                : Json.object(json -> {
                    brought(json, change);
                    head(json, change.head());
                });
    }

    private static void brought(JsonGenerator json, RunChange change) throws IOException {
        if (change instanceof RunChange.Start start) {
            json.writeStringField("worker", start.worker());
        } else if (change instanceof RunChange.Suspend suspend) {
            wait(json, suspend.newWait());
        } else if (change instanceof RunChange.Resume resume) {
            resumption(json, resume.resumption());
        } else if (change instanceof RunChange.HandOff handOff) {
            json.writeStringField("child", handOff.childId().value());
        } else if (change instanceof RunChange.Requeue requeue) {
            json.writeStringField("reason", requeue.reason());
        } else if (change instanceof RunChange.Incomplete incomplete) {
            json.writeStringField("reason", incomplete.reason());
        } else if (change instanceof RunChange.Cancel cancel) {
            json.writeStringField("reason", cancel.reason());
        } else if (change instanceof RunChange.Fail fail) {
            failure(json, fail.failure());
        } else if (change instanceof RunChange.EnqueueFailed failed) {
            failure(json, failed.failure());
        }
    }

    /** Returns the data of the event of a change to a task, or null if there is none. */
    static @Nullable String of(TaskChange change) {
        return change instanceof TaskChange.Start || change instanceof TaskChange.Retry
                ? of(change.head())
                : Json.object(json -> {
                    if (change instanceof TaskChange.Skip skip) {
                        json.writeStringField("reason", skip.reason());
                    } else if (change instanceof TaskChange.End end) {
                        result(json, end.result());
                    }
                    if (change instanceof TaskChange.Fail fail) {
                        failure(json, fail.failure());
                    }
                    head(json, change.head());
                });
    }

    private static void result(JsonGenerator json, TaskRun.Result result) throws IOException {
        if (result.exitCode().isPresent()) {
            json.writeNumberField("exitCode", result.exitCode().get());
        }
        if (result.statusCode().isPresent()) {
            json.writeNumberField("statusCode", result.statusCode().get());
        }
        if (result.outputBytes().isPresent()) {
            json.writeNumberField("outputBytes", result.outputBytes().get());
        }
        if (result.timedOut()) {
            json.writeBooleanField("timedOut", true);
        }
    }

    private static void wait(JsonGenerator json, Wait wait) throws IOException {
        json.writeObjectFieldStart("wait");
        json.writeStringField("code", wait.code().name());
        json.writeStringField("reason", wait.reason());
        Json.text(json, "deadline", wait.deadline().map(Instant::toString));
        json.writeStringField("onDeadline", wait.onDeadline().name());
        Json.text(json, "decision", wait.decisionAtDeadline());
        Json.text(json, "correlationKey", wait.correlationKey());
        json.writeEndObject();
    }

    private static void resumption(JsonGenerator json, Resumption resumption) throws IOException {
        json.writeObjectFieldStart("resumption");
        Json.text(json, "decision", resumption.decision());
        Json.text(json, "actor", resumption.actor());
        Json.text(json, "correlationKey", resumption.correlationKey());
        json.writeEndObject();
    }

    private static void failure(JsonGenerator json, Failure failure) throws IOException {
        json.writeObjectFieldStart("failure");
        json.writeStringField("reason", failure.reason());
        json.writeStringField("category", failure.category().name());
        json.writeBooleanField("uncaught", failure.uncaught());
        Json.text(json, "class", failure.errorClass());
        Json.text(json, "message", failure.errorMessage());
        Json.text(json, "stack", failure.errorStack());
        json.writeEndObject();
    }

    /** Writes custom fields, which are plain already: text, whole numbers, decimals and booleans. */
    private static void custom(JsonGenerator json, EventFields fields) throws IOException {
        if (fields.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("extra");
        for (Map.Entry<String, Object> field : fields.asMap().entrySet()) {
            json.writeFieldName(field.getKey());
            if (field.getValue() instanceof Boolean flag) {
                json.writeBoolean(flag);
            } else if (field.getValue() instanceof Long whole) {
                json.writeNumber(whole);
            } else if (field.getValue() instanceof Double decimal) {
                json.writeNumber(decimal);
            } else {
                json.writeString(field.getValue().toString());
            }
        }
        json.writeEndObject();
    }

    // ---- read

    /** Reads the change to a run of a row; an {@link IllegalArgumentException} says what cannot be read. */
    static RunChange change(RunId id, RunCommand command, @Nullable String data) {
        JsonNode object = object(data);
        Head head = head(object);
        return switch (command) {
            case START -> new RunChange.Start(id, required(object, "worker"), head);
            case SUSPEND -> new RunChange.Suspend(id, wait(member(object, "wait")), head);
            case RESUME -> new RunChange.Resume(id, resumption(member(object, "resumption")), head);
            case REQUEUE -> new RunChange.Requeue(id, required(object, "reason"), head);
            case HAND_OFF -> new RunChange.HandOff(id, child(required(object, "child")), head);
            case SUCCEED -> new RunChange.Succeed(id, head);
            case INCOMPLETE -> new RunChange.Incomplete(id, required(object, "reason"), head);
            case FAIL -> new RunChange.Fail(id, failure(member(object, "failure")), head);
            case ENQUEUE_FAILED -> new RunChange.EnqueueFailed(id, failure(member(object, "failure")), head);
            case CANCEL -> new RunChange.Cancel(id, required(object, "reason"), head);
        };
    }

    /** Returns a change of which nothing is known but its kind. */
    static RunChange unknown(RunId id, RunCommand command) {
        String what = "unreadable";
        return switch (command) {
            case START -> new RunChange.Start(id, what, STORED);
            case SUSPEND -> new RunChange.Suspend(id, Wait.of(Wait.Code.OTHER), STORED);
            case RESUME -> new RunChange.Resume(id, Resumption.of(), STORED);
            case REQUEUE -> new RunChange.Requeue(id, what, STORED);
            case HAND_OFF -> new RunChange.HandOff(id, child(what), STORED);
            case SUCCEED -> new RunChange.Succeed(id, STORED);
            case INCOMPLETE -> new RunChange.Incomplete(id, what, STORED);
            case FAIL -> new RunChange.Fail(id, Failure.of(what), STORED);
            case ENQUEUE_FAILED -> new RunChange.EnqueueFailed(id, Failure.of(what), STORED);
            case CANCEL -> new RunChange.Cancel(id, what, STORED);
        };
    }

    /** Reads the change to a task of a row; an {@link IllegalArgumentException} says what cannot be read. */
    static TaskChange change(TaskRun task, TaskChange.Kind kind, @Nullable String data) {
        JsonNode object = object(data);
        Head head = head(object);
        return switch (kind) {
            case START -> new TaskChange.Start(task.runId(), task.request(), head);
            case SKIP -> new TaskChange.Skip(task.runId(), task.request(), required(object, "reason"), head);
            case SUCCEED -> new TaskChange.Succeed(task.id(), result(object), head);
            case FAIL -> new TaskChange.Fail(task.id(), failure(member(object, "failure")), result(object), head);
            case RETRY -> new TaskChange.Retry(task.id(), head);
        };
    }

    /** Returns a change to a task of which nothing is known but its kind. */
    static TaskChange unknown(TaskRun task, TaskChange.Kind kind) {
        String what = "unreadable";
        TaskRun.Result nothing = TaskRun.Result.nothing();
        return switch (kind) {
            case START -> new TaskChange.Start(task.runId(), task.request(), STORED);
            case SKIP -> new TaskChange.Skip(task.runId(), task.request(), what, STORED);
            case SUCCEED -> new TaskChange.Succeed(task.id(), nothing, STORED);
            case FAIL -> new TaskChange.Fail(task.id(), Failure.of(what), nothing, STORED);
            case RETRY -> new TaskChange.Retry(task.id(), STORED);
        };
    }

    /** Reads the head of a dispatch; an {@link IllegalArgumentException} says what cannot be read. */
    static Head head(@Nullable String data) {
        return head(object(data));
    }

    private static Head head(JsonNode object) {
        String recovered = Json.text(object, "recovered");
        return STORED.actor(Json.text(object, "actor"))
                .recovered(recovered == null ? null : Recovery.valueOf(recovered))
                .customFields(custom(object));
    }

    private static JsonNode object(@Nullable String data) {
        return Json.read("data", data == null ? "{}" : data);
    }

    private static TaskRun.Result result(JsonNode object) {
        TaskRun.Result result = TaskRun.Result.nothing();
        result = Row.with(result, object.get("exitCode"), (read, code) -> read.exitCode(code.asInt()));
        result = Row.with(result, object.get("statusCode"), (read, code) -> read.statusCode(code.asInt()));
        result = Row.with(result, object.get("outputBytes"), (read, bytes) -> read.outputBytes(bytes.asLong()));
        return object.path("timedOut").asBoolean() ? result.ranOutOfTime() : result;
    }

    private static Wait wait(JsonNode wait) {
        Wait.OnDeadline onDeadline = Wait.OnDeadline.valueOf(required(wait, "onDeadline"));
        Wait read = Wait.of(Wait.Code.valueOf(required(wait, "code"))).reason(required(wait, "reason"));
        String decision = Json.text(wait, "decision");
        read = Row.with(
                read,
                Json.text(wait, "deadline"),
                (part, at) -> RunColumns.until(part, Instant.parse(at), onDeadline, decision));
        return Row.with(read, Json.text(wait, "correlationKey"), Wait::correlationKey);
    }

    private static Resumption resumption(JsonNode answer) {
        Resumption read = Row.with(Resumption.of(), Json.text(answer, "decision"), Resumption::decision);
        read = Row.with(read, Json.text(answer, "actor"), Resumption::actor);
        return Row.with(read, Json.text(answer, "correlationKey"), Resumption::correlationKey);
    }

    /** Returns the child of a hand-off. The event shows its id only; its name is not known here. */
    private static NewRun child(String id) {
        return NewRun.of("child").id(RunId.of(id));
    }

    private static Failure failure(JsonNode failure) {
        return Failure.builder(required(failure, "reason"))
                .category(Failure.Category.valueOf(required(failure, "category")))
                .uncaught(failure.path("uncaught").asBoolean())
                .error(Json.text(failure, "class"), Json.text(failure, "message"), Json.text(failure, "stack"))
                .build();
    }

    private static EventFields custom(JsonNode object) {
        EventFields fields = EventFields.of();
        object.path("extra").properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isBoolean()) {
                fields.put(field.getKey(), value.booleanValue());
            } else if (value.isIntegralNumber()) {
                fields.put(field.getKey(), value.longValue());
            } else if (value.isNumber()) {
                fields.put(field.getKey(), value.doubleValue());
            } else {
                fields.put(field.getKey(), value.asText());
            }
        });
        return fields;
    }

    private static JsonNode member(JsonNode object, String name) {
        return Optional.ofNullable(object.get(name))
                .orElseThrow(() -> new IllegalArgumentException("data has no " + name));
    }

    private static String required(JsonNode object, String name) {
        return Optional.ofNullable(Json.text(object, name))
                .orElseThrow(() -> new IllegalArgumentException("data has no " + name));
    }
}
