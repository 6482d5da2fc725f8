package dev.runledger.jdbi;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.TaskChange;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to an event, as the JSON of its row: what the call brought. Durations are not in it; they follow from the
 * times of the run's rows, by the same functions by which the live event got them.
 */
final class EventData {
    private EventData() {}

    // ---- written

    static @Nullable String of(@Nullable EventFields extra) {
        return extra == null ? null : Json.object(json -> extra(json, extra));
    }

    static @Nullable String of(Change change) {
        if (change.command() == RunCommand.SUCCEED && change.extra() == null) {
            return null;
        }
        return Json.object(json -> {
            Json.text(json, "worker", change.worker());
            wait(json, change.newWait());
            resumption(json, change.resumption());
            if (change.child() != null) {
                json.writeStringField(
                        "child", Objects.requireNonNull(change.child().id()).value());
            }
            Json.text(json, "reason", change.reason());
            failure(json, change.failure());
            extra(json, change.extra());
        });
    }

    static @Nullable String of(TaskChange change) {
        TaskRun.Result result = change.result();
        if (result == null && change.failure() == null && change.reason() == null && change.extra() == null) {
            return null;
        }
        return Json.object(json -> {
            if (result != null && result.exitCode() != null) {
                json.writeNumberField("exitCode", result.exitCode());
            }
            if (result != null && result.outputBytes() != null) {
                json.writeNumberField("outputBytes", result.outputBytes());
            }
            if (result != null && result.timedOut()) {
                json.writeBooleanField("timedOut", true);
            }
            Json.text(json, "reason", change.reason());
            failure(json, change.failure());
            extra(json, change.extra());
        });
    }

    private static void wait(JsonGenerator json, @Nullable Wait wait) throws IOException {
        if (wait != null) {
            json.writeObjectFieldStart("wait");
            Json.text(json, "code", wait.code().name());
            Json.text(json, "reason", wait.reason());
            Json.text(
                    json,
                    "deadline",
                    wait.deadline() == null ? null : wait.deadline().toString());
            Json.text(json, "onDeadline", wait.onDeadline().name());
            Json.text(json, "correlationKey", wait.correlationKey());
            json.writeEndObject();
        }
    }

    private static void resumption(JsonGenerator json, @Nullable Resumption resumption) throws IOException {
        if (resumption != null) {
            json.writeObjectFieldStart("resumption");
            Json.text(json, "decision", resumption.decision());
            Json.text(json, "actor", resumption.actor());
            Json.text(json, "correlationKey", resumption.correlationKey());
            json.writeEndObject();
        }
    }

    private static void failure(JsonGenerator json, @Nullable Failure failure) throws IOException {
        if (failure != null) {
            json.writeObjectFieldStart("failure");
            Json.text(json, "reason", failure.reason());
            Json.text(json, "category", failure.category().name());
            json.writeBooleanField("uncaught", failure.uncaught());
            Json.text(json, "class", failure.errorClass());
            Json.text(json, "message", failure.errorMessage());
            Json.text(json, "stack", failure.errorStack());
            json.writeEndObject();
        }
    }

    /** The host's own fields, which the ledger has made plain: text, whole numbers, decimals and booleans. */
    private static void extra(JsonGenerator json, @Nullable EventFields extra) throws IOException {
        if (extra == null) {
            return;
        }
        json.writeObjectFieldStart("extra");
        for (Map.Entry<String, Object> field : extra.asMap().entrySet()) {
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

    /** The change of a run that a row tells of; an {@link IllegalArgumentException} says what cannot be read. */
    static Change change(RunId id, RunCommand command, @Nullable String data) {
        JsonNode object = Json.read("data", data == null ? "{}" : data);
        return new Change(
                id,
                command,
                null,
                null,
                Json.text(object, "worker"),
                waitOf(object.get("wait")),
                resumptionOf(object.get("resumption")),
                childOf(Json.text(object, "child")),
                Json.text(object, "reason"),
                failureOf(object.get("failure")),
                extraOf(object.get("extra")));
    }

    /** The change of a task that a row tells of. */
    static TaskChange change(TaskRun task, TaskRunEvent event, @Nullable String data) {
        JsonNode object = Json.read("data", data == null ? "{}" : data);
        boolean ended = event == TaskRunEvent.SUCCEEDED || event == TaskRunEvent.FAILED;
        return new TaskChange(
                task.id(),
                event,
                task.runId(),
                null,
                task.request(),
                ended ? resultOf(object) : null,
                failureOf(object.get("failure")),
                Json.text(object, "reason"),
                extraOf(object.get("extra")));
    }

    static @Nullable EventFields extra(@Nullable String data) {
        return data == null ? null : extraOf(Json.read("data", data).get("extra"));
    }

    private static TaskRun.Result resultOf(JsonNode object) {
        JsonNode exitCode = object.get("exitCode");
        JsonNode bytes = object.get("outputBytes");
        return new TaskRun.Result(
                null,
                exitCode == null ? null : (Integer) exitCode.asInt(),
                bytes == null ? null : (Long) bytes.asLong(),
                object.path("timedOut").asBoolean());
    }

    private static @Nullable Wait waitOf(@Nullable JsonNode wait) {
        if (wait == null) {
            return null;
        }
        String deadline = Json.text(wait, "deadline");
        return new Wait(
                Wait.Code.valueOf(required(wait, "code")),
                required(wait, "reason"),
                deadline == null ? null : Instant.parse(deadline),
                Wait.OnDeadline.valueOf(required(wait, "onDeadline")),
                Json.text(wait, "correlationKey"),
                Map.of());
    }

    private static @Nullable Resumption resumptionOf(@Nullable JsonNode answer) {
        return answer == null
                ? null
                : new Resumption(
                        Json.text(answer, "decision"),
                        Json.text(answer, "actor"),
                        null,
                        Json.text(answer, "correlationKey"),
                        Map.of());
    }

    /** Only the child's id is told on the event; its name is not known here and is never shown. */
    private static @Nullable NewRun childOf(@Nullable String child) {
        return child == null
                ? null
                : NewRun.of("child").id(RunId.of(child));
    }

    private static @Nullable Failure failureOf(@Nullable JsonNode failure) {
        return failure == null
                ? null
                : new Failure(
                        required(failure, "reason"),
                        Failure.Category.valueOf(required(failure, "category")),
                        failure.path("uncaught").asBoolean(),
                        Json.text(failure, "class"),
                        Json.text(failure, "message"),
                        Json.text(failure, "stack"),
                        null);
    }

    private static @Nullable EventFields extraOf(@Nullable JsonNode extra) {
        if (extra == null) {
            return null;
        }
        EventFields fields = EventFields.of();
        extra.properties().forEach(field -> {
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

    private static String required(JsonNode object, String name) {
        String value = Json.text(object, name);
        if (value == null) {
            throw new IllegalArgumentException("data has no " + name);
        }
        return value;
    }
}
