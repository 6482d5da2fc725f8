package dev.runledger.run;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a host asks for when it dispatches a run, and afterwards the part of the run that never changes.
 *
 * <p>Made with {@link #builder(String)}; immutable.
 *
 * @param id the run's id, or null to have the ledger make one
 * @param workflowName which workflow; 1 to 128 characters
 * @param project whose it is; empty by default, never null; at most 128 characters
 * @param workflowVersion which version of the workflow, or null
 * @param channel live unless said otherwise
 * @param target what the run works on, or null for a run without a guard
 * @param trigger what made it, or null
 * @param taskQueue the host's queue that it goes through, or null
 * @param parentRunId the run that handed it this work, or null
 * @param oncePerDelivery whether to refuse a delivery id that this workflow and target have ever seen; false by default
 * @param context what the context carriers captured at dispatch; empty until then
 */
public record NewRun(
        @Nullable RunId id,
        String workflowName,
        String project,
        @Nullable String workflowVersion,
        Channel channel,
        @Nullable Target target,
        @Nullable Trigger trigger,
        @Nullable String taskQueue,
        @Nullable RunId parentRunId,
        boolean oncePerDelivery,
        Map<String, String> context) {
    /** Checks the names, throwing an {@link IllegalArgumentException} that names the one that does not fit. */
    public NewRun {
        Require.name("workflowName", workflowName, 128);
        Require.optionalName("project", project, 128);
        Require.nullableName("workflowVersion", workflowVersion, 128);
        Objects.requireNonNull(channel, "channel");
        Require.nullableName("taskQueue", taskQueue, 128);
        context = Map.copyOf(context);
        if (oncePerDelivery && (trigger == null || trigger.deliveryId() == null)) {
            throw new IllegalArgumentException("oncePerDelivery needs a deliveryId: expected a trigger that has one");
        }
    }

    /** A run of this workflow with every default. */
    public static NewRun of(String workflowName) {
        return builder(workflowName).build();
    }

    /** Starts a run of this workflow. */
    public static Builder builder(String workflowName) {
        return new Builder(workflowName);
    }

    /** Starts from everything that this run has. */
    public Builder toBuilder() {
        Builder builder = new Builder(workflowName);
        builder.id = id;
        builder.project = project;
        builder.workflowVersion = workflowVersion;
        builder.channel = channel;
        builder.target = target;
        builder.trigger = trigger;
        builder.taskQueue = taskQueue;
        builder.parentRunId = parentRunId;
        builder.oncePerDelivery = oncePerDelivery;
        builder.context = context;
        return builder;
    }

    /** The id under which the trigger was delivered, or null. */
    public @Nullable String deliveryId() {
        return trigger == null ? null : trigger.deliveryId();
    }

    /** Builds a {@link NewRun}. Not thread-safe. */
    public static final class Builder {
        private final String workflowName;
        private @Nullable RunId id;
        private String project = "";
        private @Nullable String workflowVersion;
        private Channel channel = Channel.LIVE;
        private @Nullable Target target;
        private @Nullable Trigger trigger;
        private @Nullable String taskQueue;
        private @Nullable RunId parentRunId;
        private boolean oncePerDelivery;
        private Map<String, String> context = Map.of();

        private Builder(String workflowName) {
            this.workflowName = Objects.requireNonNull(workflowName, "workflowName");
        }

        /** The run's id. Dispatching the same id again is answered with {@link Dispatch.AlreadyQueued}. */
        public Builder id(RunId id) {
            this.id = Objects.requireNonNull(id, "id");
            return this;
        }

        /** Whose run it is. Default: empty. */
        public Builder project(String project) {
            this.project = Objects.requireNonNull(project, "project");
            return this;
        }

        /** Which version of the workflow runs. Default: none. */
        public Builder workflowVersion(String workflowVersion) {
            this.workflowVersion = Objects.requireNonNull(workflowVersion, "workflowVersion");
            return this;
        }

        /** Whether the run counts. Default: {@link Channel#LIVE}. */
        public Builder channel(Channel channel) {
            this.channel = Objects.requireNonNull(channel, "channel");
            return this;
        }

        /** What the run works on. Default: nothing, and so no guard. */
        public Builder target(Target target) {
            this.target = Objects.requireNonNull(target, "target");
            return this;
        }

        /** What the run works on, as text. */
        public Builder target(String target) {
            return target(Target.of(target));
        }

        /** What made the run. Default: unknown. */
        public Builder trigger(Trigger trigger) {
            this.trigger = Objects.requireNonNull(trigger, "trigger");
            return this;
        }

        /** The host's queue that the run goes through. Default: none named. */
        public Builder taskQueue(String taskQueue) {
            this.taskQueue = Objects.requireNonNull(taskQueue, "taskQueue");
            return this;
        }

        /** The run that handed this one its work. {@code handOff} sets it. Default: none. */
        public Builder parentRunId(RunId parentRunId) {
            this.parentRunId = Objects.requireNonNull(parentRunId, "parentRunId");
            return this;
        }

        /** Refuses a delivery id that this workflow and target have ever seen, as {@code duplicate_delivery}. Default: off. */
        public Builder oncePerDelivery() {
            this.oncePerDelivery = true;
            return this;
        }

        /** What travels with the run. The ledger fills it at dispatch with what the context carriers capture. */
        public Builder context(Map<String, String> context) {
            this.context = Map.copyOf(context);
            return this;
        }

        /** The run, checked: an {@link IllegalArgumentException} names what does not fit. */
        public NewRun build() {
            return new NewRun(
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
}
