package dev.runledger.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a run, and is afterwards the part of the run that never changes. Immutable: each setter returns a copy.
 *
 * <pre>{@code
 * NewRun.of("review").target("acme/app#42").trigger(Trigger.of("issue_comment").deliveryId(delivery))
 * }</pre>
 *
 * <p>A setter throws an {@link IllegalArgumentException} that names the value if it does not fit.
 */
public final class NewRun {
    private final Parts parts;

    private NewRun(Parts parts) {
        this.parts = parts;
    }

    /** Returns a run of this workflow, whose name has 1 to 128 characters, with every default. */
    public static NewRun of(String workflowName) {
        Parts parts = new Parts();
        parts.workflowName = Require.name("workflowName", workflowName, 128);
        return new NewRun(parts);
    }

    private NewRun with(Consumer<Parts> change) {
        Parts copy = new Parts(parts);
        change.accept(copy);
        return new NewRun(copy);
    }

    /** Returns the same run under this id. A dispatch of an id that exists is {@link Dispatch.AlreadyQueued}. Default: the ledger makes one. */
    public NewRun id(RunId id) {
        Objects.requireNonNull(id, "id");
        return with(copy -> copy.id = id);
    }

    /** Returns the same run of this project; at most 128 characters. Default: empty. */
    public NewRun project(String project) {
        Require.optionalName("project", project, 128);
        return with(copy -> copy.project = project);
    }

    /** Returns the same run of this version of the workflow; at most 128 characters. Default: none. */
    public NewRun workflowVersion(String workflowVersion) {
        Require.name("workflowVersion", workflowVersion, 128);
        return with(copy -> copy.workflowVersion = workflowVersion);
    }

    /** Returns the same run in this channel. Default: {@link Channel#LIVE}. */
    public NewRun channel(Channel channel) {
        Objects.requireNonNull(channel, "channel");
        return with(copy -> copy.channel = channel);
    }

    /** Returns the same run on this target, which at most one run in flight may have. Default: no target, and so no guard. */
    public NewRun target(Target target) {
        Objects.requireNonNull(target, "target");
        return with(copy -> copy.target = target);
    }

    /** Returns the same run on this target, given as text of at most 512 characters. */
    public NewRun target(String target) {
        return target(Target.of(target));
    }

    /** Returns the same run, made by this trigger. Default: unknown. */
    public NewRun trigger(Trigger trigger) {
        Objects.requireNonNull(trigger, "trigger");
        return with(copy -> copy.trigger = trigger);
    }

    /** Returns the same run for this queue of the application; at most 128 characters. Default: none named. */
    public NewRun taskQueue(String taskQueue) {
        Require.name("taskQueue", taskQueue, 128);
        return with(copy -> copy.taskQueue = taskQueue);
    }

    /** Returns the same run as the child of this one. {@code handOff} sets it. Default: none. */
    public NewRun parentRunId(RunId parentRunId) {
        Objects.requireNonNull(parentRunId, "parentRunId");
        return with(copy -> copy.parentRunId = parentRunId);
    }

    /**
     * Returns the same run, to be refused as {@code duplicate_delivery} if its workflow and target ever had its delivery id. Default: off.
     *
     * @param oncePerDelivery whether to refuse it
     */
    public NewRun oncePerDelivery(boolean oncePerDelivery) {
        return with(copy -> copy.oncePerDelivery = oncePerDelivery);
    }

    /** Returns the same run with what travels with it. The ledger sets it to what the context carriers capture at dispatch. */
    public NewRun context(Map<String, String> context) {
        Map<String, String> copied = Map.copyOf(context);
        return with(copy -> copy.context = copied);
    }

    /** Returns the id, or empty if the ledger is to make one. */
    public Optional<RunId> id() {
        return Optional.ofNullable(parts.id);
    }

    /** Returns the workflow. */
    public String workflowName() {
        return parts.workflowName;
    }

    /** Returns the project; empty by default. */
    public String project() {
        return parts.project;
    }

    /** Returns the version of the workflow. */
    public Optional<String> workflowVersion() {
        return Optional.ofNullable(parts.workflowVersion);
    }

    /** Returns the channel. */
    public Channel channel() {
        return parts.channel;
    }

    /** Returns the target. */
    public Optional<Target> target() {
        return Optional.ofNullable(parts.target);
    }

    /** Returns what made the run. */
    public Optional<Trigger> trigger() {
        return Optional.ofNullable(parts.trigger);
    }

    /** Returns the id under which the trigger was delivered. */
    public Optional<String> deliveryId() {
        return parts.trigger == null ? Optional.empty() : parts.trigger.deliveryId();
    }

    /** Returns the queue of the application that the run goes through. */
    public Optional<String> taskQueue() {
        return Optional.ofNullable(parts.taskQueue);
    }

    /** Returns the run that handed this one its work. */
    public Optional<RunId> parentRunId() {
        return Optional.ofNullable(parts.parentRunId);
    }

    /** Returns whether to refuse a delivery id that the workflow and target had before. */
    public boolean oncePerDelivery() {
        return parts.oncePerDelivery;
    }

    /** Returns what the context carriers captured at dispatch; empty until then. */
    public Map<String, String> context() {
        return parts.context;
    }

    /** Returns the same run without the body that its trigger brought, as it stands in a list. */
    public NewRun withoutPayload() {
        Trigger trigger = parts.trigger;
        return trigger == null || trigger.payload == null ? this : trigger(trigger.withoutPayload());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NewRun that && parts.list().equals(that.parts.list());
    }

    @Override
    public int hashCode() {
        return parts.list().hashCode();
    }

    @Override
    public String toString() {
        return "NewRun[%s, id %s, target %s, trigger %s]"
                .formatted(parts.workflowName, parts.id, parts.target, parts.trigger);
    }

    /** The parts of a run, changed only while a copy is made. */
    private static final class Parts {
        private @Nullable RunId id;
        private String workflowName = "";
        private String project = "";
        private @Nullable String workflowVersion;
        private Channel channel = Channel.LIVE;
        private @Nullable Target target;
        private @Nullable Trigger trigger;
        private @Nullable String taskQueue;
        private @Nullable RunId parentRunId;
        private boolean oncePerDelivery;
        private Map<String, String> context = Map.of();

        Parts() {}

        Parts(Parts from) {
            id = from.id;
            workflowName = from.workflowName;
            project = from.project;
            workflowVersion = from.workflowVersion;
            channel = from.channel;
            target = from.target;
            trigger = from.trigger;
            taskQueue = from.taskQueue;
            parentRunId = from.parentRunId;
            oncePerDelivery = from.oncePerDelivery;
            context = from.context;
        }

        List<@Nullable Object> list() {
            return Arrays.asList(
                    id,
                    workflowName,
                    project,
                    workflowVersion,
                    channel,
                    target,
                    trigger,
                    taskQueue,
                    parentRunId,
                    oncePerDelivery,
                    context);
        }
    }

    /** Lists whether a run counts: live runs do, draft runs try a workflow out. */
    public enum Channel {
        /** The run tries a workflow out. */
        DRAFT,
        /** The run counts. */
        LIVE;

        /** Returns the code on an event: {@code draft} or {@code live}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Says what made a run: a webhook, a schedule, a person, a parent run. Immutable: each setter returns a copy. */
    public static final class Trigger {
        private final String name;
        private final @Nullable String deliveryId;
        private final @Nullable String actor;
        private final @Nullable Payload details;
        private final @Nullable Payload payload;

        private Trigger(
                String name,
                @Nullable String deliveryId,
                @Nullable String actor,
                @Nullable Payload details,
                @Nullable Payload payload) {
            this.name = Require.name("trigger", name, 128);
            this.deliveryId = Require.nullableName("deliveryId", deliveryId, 256);
            this.actor = Require.nullableName("actor", actor, 256);
            this.details = details;
            this.payload = payload;
        }

        /** Returns a trigger of this kind, such as {@code issue_comment} or {@code nightly}; at most 128 characters. */
        public static Trigger of(String name) {
            return new Trigger(name, null, null, null, null);
        }

        /** Returns the same trigger, delivered under this id of at most 256 characters. Default: none. */
        public Trigger deliveryId(String deliveryId) {
            return new Trigger(name, Objects.requireNonNull(deliveryId, "deliveryId"), actor, details, payload);
        }

        /** Returns the same trigger, caused by this actor; at most 256 characters. Default: nobody is named. */
        public Trigger actor(String actor) {
            return new Trigger(name, deliveryId, Objects.requireNonNull(actor, "actor"), details, payload);
        }

        /** Returns the same trigger with a few facts about it. Default: none. */
        public Trigger details(Payload details) {
            return new Trigger(name, deliveryId, actor, Objects.requireNonNull(details, "details"), payload);
        }

        /** Returns the same trigger with the body that came with it, which no list of runs shows. Default: none. */
        public Trigger payload(Payload payload) {
            return new Trigger(name, deliveryId, actor, details, Objects.requireNonNull(payload, "payload"));
        }

        /** Returns the same trigger without the body that came with it. */
        public Trigger withoutPayload() {
            return payload == null ? this : new Trigger(name, deliveryId, actor, details, null);
        }

        /** Returns the kind of trigger. */
        public String name() {
            return name;
        }

        /** Returns the id under which it was delivered. */
        public Optional<String> deliveryId() {
            return Optional.ofNullable(deliveryId);
        }

        /** Returns who caused it. */
        public Optional<String> actor() {
            return Optional.ofNullable(actor);
        }

        /** Returns a few facts about it. */
        public Optional<Payload> details() {
            return Optional.ofNullable(details);
        }

        /** Returns the body that came with it. */
        public Optional<Payload> payload() {
            return Optional.ofNullable(payload);
        }

        private List<@Nullable Object> parts() {
            return Arrays.asList(name, deliveryId, actor, details, payload);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Trigger that && parts().equals(that.parts());
        }

        @Override
        public int hashCode() {
            return parts().hashCode();
        }

        @Override
        public String toString() {
            return "Trigger[%s, delivery %s, actor %s, details %s, payload %s]"
                    .formatted(name, deliveryId, actor, details, payload);
        }
    }
}
