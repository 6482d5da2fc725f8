package dev.runledger.jdbi;

import dev.runledger.event.EventType;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun.Channel;
import dev.runledger.failure.Failure;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.run.Target;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of a run: in what order they are selected, and what they say. */
final class RunColumns {
    /** What was asked for. */
    private static final List<String> REQUEST = List.of(
            "id",
            "project",
            "workflow_name",
            "workflow_version",
            "channel",
            "target",
            "trigger_name",
            "delivery_id",
            "trigger_actor",
            "trigger_details",
            "task_queue",
            "parent_run_id",
            "once_per_delivery",
            "context");

    private static final List<String> STATE = List.of(
            "state",
            "seq",
            "latest_event",
            "queued_at",
            "started_at",
            "suspended_at",
            "suspended_us",
            "changed_at",
            "owner",
            "handed_off",
            "wait_code",
            "wait_reason",
            "wait_deadline",
            "wait_on_deadline",
            "correlation_key",
            "wait_context",
            "resumed",
            "resume_decision",
            "resume_actor",
            "resume_key",
            "resume_context",
            "reason",
            "error_category",
            "uncaught",
            "error_class",
            "error_message",
            "error_stack");

    private static final List<String> PAYLOADS = List.of("trigger_payload", "resume_payload");

    private RunColumns() {}

    /** A run with the type of the event that made it what it is. */
    record Stored(WorkflowRun run, WorkflowRunEvent latest) {}

    /** The select list of a row of a list, of the table with this alias. */
    static String light(String alias) {
        List<String> all = new ArrayList<>(REQUEST);
        all.addAll(STATE);
        return all.stream()
                .map(column -> column.equals("trigger_details")
                        ? PayloadColumn.select(alias + ".trigger_details") + " AS trigger_details"
                        : alias + '.' + column)
                .collect(Collectors.joining(", "));
    }

    /** The select list of a whole run, of the table with this alias. */
    static String whole(String alias) {
        return light(alias)
                + PAYLOADS.stream()
                        .map(column -> ", " + PayloadColumn.select(alias + '.' + column) + " AS " + column)
                        .collect(Collectors.joining());
    }

    /** The columns of a run that is inserted. */
    static String inserted() {
        List<String> all = new ArrayList<>(REQUEST);
        all.addAll(STATE);
        all.addAll(PAYLOADS);
        all.add("guarded");
        return String.join(", ", all);
    }

    /** The values of a run that is queued at this moment, in the order of {@link #inserted()}; names of {@link #bindRequest}. */
    static String queued(String moment, String guarded) {
        return REQUEST.stream().map(column -> ":new_" + column).collect(Collectors.joining(", "))
                + ", 'QUEUED', 1, '%s', %s, NULL, NULL, 0, %s, NULL, FALSE"
                        .formatted(WorkflowRunEvent.QUEUED.eventName(), moment, moment)
                + ", NULL, NULL, NULL, NULL, NULL, NULL, FALSE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
                + ", :new_trigger_payload, NULL, " + guarded;
    }

    /** The values of a run that is inserted as it is, in the order of {@link #inserted()}. */
    static String asItIs() {
        return REQUEST.stream().map(column -> ":new_" + column).collect(Collectors.joining(", "))
                + STATE.stream().map(column -> ", :" + column).collect(Collectors.joining())
                + ", :new_trigger_payload, :resume_payload, FALSE";
    }

    static void bindRequest(Binder binder, NewRun run) {
        Trigger trigger = run.trigger();
        binder.text("new_id", Objects.requireNonNull(run.id()).value())
                .text("new_project", run.project())
                .text("new_workflow_name", run.workflowName())
                .text("new_workflow_version", run.workflowVersion())
                .constant("new_channel", run.channel())
                .text("new_target", run.target() == null ? null : run.target().value())
                .text("new_trigger_name", trigger == null ? null : trigger.name())
                .text("new_delivery_id", trigger == null ? null : trigger.deliveryId())
                .text("new_trigger_actor", trigger == null ? null : trigger.actor())
                .text("new_trigger_details", trigger == null ? null : PayloadColumn.write(trigger.details()))
                .text("new_trigger_payload", trigger == null ? null : PayloadColumn.write(trigger.payload()))
                .text("new_task_queue", run.taskQueue())
                .text(
                        "new_parent_run_id",
                        run.parentRunId() == null ? null : run.parentRunId().value())
                .flag("new_once_per_delivery", run.oncePerDelivery())
                .text("new_context", Json.ofTexts(run.context()));
    }

    /** Binds where a run stands, for {@link #asItIs()}. */
    static void bindState(Binder binder, WorkflowRun run, WorkflowRunEvent latest) {
        WorkflowRun.Times times = run.times();
        binder.constant("state", run.state())
                .number("seq", run.seq())
                .text("latest_event", latest.eventName())
                .instant("queued_at", times.queuedAt())
                .instant("started_at", times.startedAt())
                .instant("suspended_at", times.suspendedAt())
                .number("suspended_us", times.suspended().toNanos() / 1_000)
                .instant("changed_at", times.changedAt())
                .text("owner", run.owner())
                .flag("handed_off", run.handedOff());
        bindWait(binder, run.latestWait());
        bindResumption(binder, run.resumption());
        binder.text("reason", run.reason());
        bindFailure(binder, run.failure());
    }

    static void bindWait(Binder binder, @Nullable Wait wait) {
        binder.constant("wait_code", wait == null ? null : wait.code())
                .text("wait_reason", wait == null ? null : wait.reason())
                .instant("wait_deadline", wait == null ? null : wait.deadline())
                .constant("wait_on_deadline", wait == null ? null : wait.onDeadline())
                .text("correlation_key", wait == null ? null : wait.correlationKey())
                .text("wait_context", wait == null ? null : Json.ofTexts(wait.context()));
    }

    static void bindResumption(Binder binder, @Nullable Resumption resumption) {
        binder.flag("resumed", resumption != null)
                .text("resume_decision", resumption == null ? null : resumption.decision())
                .text("resume_actor", resumption == null ? null : resumption.actor())
                .text("resume_key", resumption == null ? null : resumption.correlationKey())
                .text("resume_context", resumption == null ? null : Json.ofTexts(resumption.context()))
                .text("resume_payload", resumption == null ? null : PayloadColumn.write(resumption.payload()));
    }

    static void bindFailure(Binder binder, @Nullable Failure failure) {
        binder.constant("error_category", failure == null ? null : failure.category())
                .flag("uncaught", failure == null ? null : (Boolean) failure.uncaught())
                .text("error_class", failure == null ? null : failure.errorClass())
                .text("error_message", failure == null ? null : failure.errorMessage())
                .text("error_stack", failure == null ? null : failure.errorStack());
    }

    /** Reads a row of {@link #light} or {@link #whole}; an {@link IllegalArgumentException} names what cannot be read. */
    static Stored read(Row row, boolean whole) throws SQLException {
        NewRun request = request(row);
        RunState state = row.constant(RunState.class);
        long seq = row.number();
        WorkflowRunEvent latest = event(row.requiredText());
        WorkflowRun.Times times = times(row);
        String owner = row.text();
        boolean handedOff = row.flag();
        Wait wait = waitOf(row);
        Resumption resumption = resumption(row);
        String reason = row.text();
        Failure failure = failure(row, reason);
        if (whole) {
            Payload trigger = PayloadColumn.read("trigger_payload", row.text());
            Payload answer = PayloadColumn.read("resume_payload", row.text());
            request = trigger == null || request.trigger() == null
                    ? request
                    : request.toBuilder()
                            .trigger(request.trigger().payload(trigger))
                            .build();
            resumption = answer == null || resumption == null ? resumption : resumption.payload(answer);
        }
        return new Stored(
                new WorkflowRun(request, state, seq, times, owner, handedOff, wait, resumption, reason, failure),
                latest);
    }

    private static NewRun request(Row row) throws SQLException {
        RunId id = RunId.of(row.requiredText());
        String project = row.requiredText();
        String workflowName = row.requiredText();
        String version = row.text();
        Channel channel = row.constant(Channel.class);
        String target = row.text();
        String triggerName = row.text();
        String deliveryId = row.text();
        String actor = row.text();
        Payload details = PayloadColumn.read("trigger_details", row.text());
        String taskQueue = row.text();
        String parent = row.text();
        return new NewRun(
                id,
                workflowName,
                project,
                version,
                channel,
                target == null ? null : Target.of(target),
                triggerName == null ? null : new Trigger(triggerName, deliveryId, actor, details, null),
                taskQueue,
                parent == null ? null : RunId.of(parent),
                row.flag(),
                Json.texts("context", row.text()));
    }

    private static WorkflowRun.Times times(Row row) throws SQLException {
        Instant queuedAt = row.requiredInstant();
        Instant startedAt = row.instant();
        Instant suspendedAt = row.instant();
        return new WorkflowRun.Times(
                queuedAt, startedAt, suspendedAt, Duration.of(row.number(), ChronoUnit.MICROS), row.requiredInstant());
    }

    private static @Nullable Wait waitOf(Row row) throws SQLException {
        Wait.Code code = row.nullableConstant(Wait.Code.class);
        String reason = row.text();
        Instant deadline = row.instant();
        Wait.OnDeadline onDeadline = row.nullableConstant(Wait.OnDeadline.class);
        String key = row.text();
        Map<String, String> context = Json.texts("wait_context", row.text());
        return code == null || reason == null || onDeadline == null
                ? null
                : new Wait(code, reason, deadline, onDeadline, key, context);
    }

    private static @Nullable Resumption resumption(Row row) throws SQLException {
        boolean resumed = row.flag();
        Resumption resumption =
                new Resumption(row.text(), row.text(), null, row.text(), Json.texts("resume_context", row.text()));
        return resumed ? resumption : null;
    }

    /** The failure of a row whose next columns are the error's; null where it has no category. */
    static @Nullable Failure failure(Row row, @Nullable String reason) throws SQLException {
        Failure.Category category = row.nullableConstant(Failure.Category.class);
        boolean uncaught = row.flag();
        String errorClass = row.text();
        String message = row.text();
        String stack = row.text();
        return category == null
                ? null
                : new Failure(
                        Objects.requireNonNullElse(reason, ""), category, uncaught, errorClass, message, stack, null);
    }

    private static WorkflowRunEvent event(String name) {
        return EventType.ofName(name)
                .filter(WorkflowRunEvent.class::isInstance)
                .map(WorkflowRunEvent.class::cast)
                .orElseThrow(() -> new IllegalArgumentException(
                        "latest_event is '%s', expected an event of a run".formatted(Row.shown(name))));
    }
}
