package dev.runledger.jdbi;

import dev.runledger.event.EventType;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewRun.Channel;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The columns of a run: the order in which they are selected, and how they are written and read. */
final class RunColumns {
    /** The columns of what was asked for. */
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
            "task_queue",
            "parent_run_id",
            "replay_of_run_id",
            "once_per_delivery",
            "context");

    /** The columns of how the run stands. */
    private static final List<String> STATE = List.of(
            "state",
            "seq",
            "latest_event",
            "queued_at",
            "started_at",
            "queue_wait_us",
            "suspended_at",
            "suspended_us",
            "changed_at",
            "execution",
            "owner",
            "claim_token",
            "instance",
            "handed_off",
            "wait_code",
            "wait_reason",
            "wait_deadline",
            "wait_on_deadline",
            "wait_decision",
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

    private RunColumns() {}

    /** A run with the type of the event that made it what it is. */
    record Stored(WorkflowRun run, WorkflowRunEvent latest) {}

    /**
     * Returns the select list of a run without its payloads.
     *
     * @param run the prefix of its columns
     */
    static String light(String run) {
        return columns().map(column -> run + column).collect(Collectors.joining(", ")) + ", "
                + Body.DETAILS.ofRun(run, "trigger_details");
    }

    /**
     * Returns the select list of a whole run.
     *
     * @param run the prefix of its columns
     */
    static String whole(String run) {
        return light(run) + ", " + Body.TRIGGER.ofRun(run, "trigger_payload") + ", "
                + Body.RESUMPTION.ofRun(run, "resume_payload");
    }

    private static Stream<String> columns() {
        return Stream.concat(REQUEST.stream(), STATE.stream());
    }

    /** Returns the columns of a run that is inserted. */
    static String inserted() {
        return columns().collect(Collectors.joining(", ")) + ", payloads, delivery_digest";
    }

    /** Returns the values of a run that is queued at this moment, in the order of {@link #inserted()}. {@link #bindRequest} binds them. */
    static String queued(String moment) {
        return REQUEST.stream().map(column -> ":new_" + column).collect(Collectors.joining(", "))
                + ", 'QUEUED', 1, '%s', %s, NULL, NULL, NULL, 0, %s, 0, NULL, NULL, NULL, FALSE"
                        .formatted(WorkflowRunEvent.QUEUED.eventName(), moment, moment)
                + ", NULL, NULL, NULL, NULL, NULL, NULL, NULL, FALSE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
                + ", :new_payloads, :new_delivery_digest";
    }

    /** Returns the values of a run that is inserted as it stands, in the order of {@link #inserted()}. */
    static String asItIs() {
        return REQUEST.stream().map(column -> ":new_" + column).collect(Collectors.joining(", "))
                + STATE.stream().map(column -> ", :" + column).collect(Collectors.joining()) + ", :payloads, NULL";
    }

    /** Returns which bodies a run has when it is queued. */
    static int payloads(NewRun run) {
        return Body.DETAILS.bitIf(run.trigger().flatMap(Trigger::details).isPresent())
                | Body.TRIGGER.bitIf(run.trigger().flatMap(Trigger::payload).isPresent())
                | Body.INPUT.bitIf(run.input().isPresent());
    }

    /** Binds everything of a run that is asked for but its payloads. */
    static void bindRequest(Binder binder, NewRun run) {
        bindIdentity(binder, run);
        Optional<Trigger> trigger = run.trigger();
        binder.text("new_workflow_version", run.workflowVersion())
                .text("new_trigger_name", trigger.map(Trigger::name))
                .text("new_trigger_actor", trigger.flatMap(Trigger::actor))
                .text("new_replay_of_run_id", run.replayOfRunId().map(RunId::value))
                .flag("new_once_per_delivery", run.oncePerDelivery())
                .text("new_context", Json.ofTexts(run.context()))
                .number("new_payloads", (long) payloads(run));
    }

    /** Binds what a run meets others by: its guard, its delivery, its parent. */
    static void bindIdentity(Binder binder, NewRun run) {
        binder.text("new_id", run.id().orElseThrow().value())
                .text("new_project", run.project())
                .text("new_workflow_name", run.workflowName())
                .constant("new_channel", run.channel())
                .text("new_target", run.target().map(Target::value))
                .text("new_delivery_id", run.deliveryId())
                .text("new_task_queue", run.taskQueue())
                .text("new_parent_run_id", run.parentRunId().map(RunId::value))
                .text("new_delivery_digest", DeliveryDigest.of(run));
    }

    /** Binds what stands beside a run that is queued. */
    static void bindPayloads(Binder binder, NewRun run) {
        Optional<Trigger> trigger = run.trigger();
        binder.text("new_trigger_details", trigger.flatMap(Trigger::details).map(PayloadColumn::write))
                .text("new_trigger_payload", trigger.flatMap(Trigger::payload).map(PayloadColumn::write))
                .text("new_input", run.input());
    }

    /**
     * Binds how a run stands, for {@link #asItIs}.
     *
     * @param payloads which bodies it has
     */
    static void bindState(Binder binder, WorkflowRun run, WorkflowRunEvent latest, int payloads) {
        WorkflowRun.Times times = run.times();
        binder.number("payloads", (long) payloads);
        binder.constant("state", run.state())
                .number("seq", run.seq())
                .text("latest_event", latest.eventName())
                .instant("queued_at", times.queuedAt())
                .instant("started_at", times.startedAt().orElse(null))
                .number(
                        "queue_wait_us",
                        times.queueWait().map(RunColumns::micros).orElse(null))
                .instant("suspended_at", times.suspendedAt().orElse(null))
                .number("suspended_us", micros(times.suspended()))
                .instant("changed_at", times.changedAt())
                .number("execution", (long) run.execution())
                .text("owner", run.owner())
                .text("claim_token", run.claimToken())
                .text("instance", run.instance())
                .flag("handed_off", run.handedOff());
        bindWait(binder, run.latestWait());
        bindResumption(binder, run.resumption());
        binder.text("reason", run.reason());
        bindFailure(binder, run.failure());
    }

    private static long micros(Duration duration) {
        return duration.toSeconds() * 1_000_000 + duration.toNanosPart() / 1_000;
    }

    static void bindWait(Binder binder, Optional<Wait> wait) {
        binder.constant("wait_code", wait.map(Wait::code).orElse(null))
                .text("wait_reason", wait.map(Wait::reason))
                .instant("wait_deadline", wait.flatMap(Wait::deadline).orElse(null))
                .constant("wait_on_deadline", wait.map(Wait::onDeadline).orElse(null))
                .text("wait_decision", wait.flatMap(Wait::decisionAtDeadline))
                .text("correlation_key", wait.flatMap(Wait::correlationKey))
                .text("wait_context", wait.map(Wait::context).map(Json::ofTexts));
    }

    static void bindResumption(Binder binder, Optional<Resumption> resumption) {
        binder.flag("resumed", resumption.isPresent())
                .text("resume_decision", resumption.flatMap(Resumption::decision))
                .text("resume_actor", resumption.flatMap(Resumption::actor))
                .text("resume_key", resumption.flatMap(Resumption::correlationKey))
                .text("resume_context", resumption.map(Resumption::context).map(Json::ofTexts));
    }

    /** Binds a failure without its reason, whose column is another one for a task. */
    static void bindFailure(Binder binder, Optional<Failure> failure) {
        binder.constant("error_category", failure.map(Failure::category).orElse(null))
                .flag("uncaught", failure.map(Failure::uncaught).orElse(null))
                .text("error_class", failure.flatMap(Failure::errorClass))
                .text("error_message", failure.flatMap(Failure::errorMessage))
                .text("error_stack", failure.flatMap(Failure::errorStack));
    }

    /** Reads a row of {@link #light} or {@link #whole}; an {@link IllegalArgumentException} names what cannot be read. */
    static Stored read(Row row, boolean whole) throws SQLException {
        NewRun request = request(row);
        RunState state = row.constant(RunState.class);
        long seq = row.number();
        WorkflowRunEvent latest = event(row.requiredText());
        WorkflowRun.Times times = times(row);
        WorkflowRun.Builder run = WorkflowRun.builder(request, times.queuedAt())
                .state(state)
                .seq(seq)
                .times(times)
                .execution(row.integer())
                .ownedBy(row.text(), row.text(), row.text())
                .handedOff(row.flag())
                .latestWait(waitOf(row));
        Resumption resumption = resumption(row);
        String reason = row.text();
        run.reason(reason).failure(failure(row, reason));
        Trigger trigger = request.trigger().orElse(null);
        if (trigger != null) {
            trigger = Row.with(trigger, PayloadColumn.read("trigger_details", row.text()), Trigger::details);
        } else {
            row.skip();
        }
        if (whole) {
            Payload body = PayloadColumn.read("trigger_payload", row.text());
            trigger = trigger == null ? null : Row.with(trigger, body, Trigger::payload);
            Payload answer = PayloadColumn.read("resume_payload", row.text());
            resumption = answer == null || resumption == null ? resumption : resumption.payload(answer);
        }
        if (trigger != null) {
            run.request(request.trigger(trigger));
        }
        return new Stored(run.resumption(resumption).build(), latest);
    }

    private static NewRun request(Row row) throws SQLException {
        RunId id = RunId.of(row.requiredText());
        String project = row.requiredText();
        NewRun.Builder run = NewRun.builder(row.requiredText())
                .id(id)
                .project(project)
                .workflowVersion(row.text())
                .channel(row.constant(Channel.class));
        String target = row.text();
        run.target(target == null ? null : Target.of(target))
                .trigger(trigger(row))
                .taskQueue(row.text());
        String parent = row.text();
        String original = row.text();
        return run.parentRunId(parent == null ? null : RunId.of(parent))
                .replayOfRunId(original == null ? null : RunId.of(original))
                .oncePerDelivery(row.flag())
                .context(Json.texts("context", row.text()))
                .build();
    }

    private static @Nullable Trigger trigger(Row row) throws SQLException {
        String name = row.text();
        String deliveryId = row.text();
        String actor = row.text();
        return name == null
                ? null
                : Row.with(Row.with(Trigger.of(name), deliveryId, Trigger::deliveryId), actor, Trigger::actor);
    }

    private static WorkflowRun.Times times(Row row) throws SQLException {
        Instant queuedAt = row.requiredInstant();
        Instant startedAt = row.instant();
        Long queueWait = row.nullableNumber();
        Instant suspendedAt = row.instant();
        Duration suspended = Duration.of(row.number(), ChronoUnit.MICROS);
        return WorkflowRun.Times.of(
                queuedAt,
                startedAt,
                queueWait == null ? null : Duration.of(queueWait, ChronoUnit.MICROS),
                suspendedAt,
                suspended,
                row.requiredInstant());
    }

    private static @Nullable Wait waitOf(Row row) throws SQLException {
        Wait.Code code = row.nullableConstant(Wait.Code.class);
        String reason = row.text();
        Instant deadline = row.instant();
        Wait.OnDeadline onDeadline = row.nullableConstant(Wait.OnDeadline.class);
        String decision = row.text();
        String key = row.text();
        Map<String, String> context = Json.texts("wait_context", row.text());
        if (code == null || reason == null || onDeadline == null) {
            return null;
        }
        Wait wait = Wait.of(code).reason(reason).context(context);
        wait = Row.with(wait, deadline, (asked, at) -> until(asked, at, onDeadline, decision));
        return Row.with(wait, key, Wait::correlationKey);
    }

    /** Returns a wait with its deadline, and what is done then. */
    static Wait until(Wait wait, Instant deadline, Wait.OnDeadline onDeadline, @Nullable String decision) {
        return onDeadline == Wait.OnDeadline.RESUME && decision != null
                ? wait.resumeAt(deadline, decision)
                : wait.until(deadline, onDeadline);
    }

    private static @Nullable Resumption resumption(Row row) throws SQLException {
        boolean resumed = row.flag();
        String decision = row.text();
        String actor = row.text();
        String key = row.text();
        Map<String, String> context = Json.texts("resume_context", row.text());
        if (!resumed) {
            return null;
        }
        Resumption resumption = Row.with(Resumption.of(), decision, Resumption::decision);
        resumption = Row.with(resumption, actor, Resumption::actor);
        return Row.with(resumption, key, Resumption::correlationKey).context(context);
    }

    /** Reads a failure from the columns of the error, which come next; null if the row has none. */
    static @Nullable Failure failure(Row row, @Nullable String reason) throws SQLException {
        Failure.Category category = row.nullableConstant(Failure.Category.class);
        boolean uncaught = row.flag();
        String errorClass = row.text();
        String message = row.text();
        String stack = row.text();
        return category == null
                ? null
                : Failure.builder(Objects.requireNonNullElse(reason, ""))
                        .category(category)
                        .uncaught(uncaught)
                        .error(errorClass, message, stack)
                        .build();
    }

    private static WorkflowRunEvent event(String name) {
        return EventType.ofName(name)
                .filter(WorkflowRunEvent.class::isInstance)
                .map(WorkflowRunEvent.class::cast)
                .orElseThrow(() -> new IllegalArgumentException(
                        "latest_event is '%s', expected an event of a run".formatted(Row.shown(name))));
    }
}
