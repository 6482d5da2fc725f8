package dev.runledger.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final @Nullable RunId id;
    private final String workflowName;
    private final String project;
    private final @Nullable String workflowVersion;
    private final Channel channel;
    private final @Nullable Target target;
    private final @Nullable Trigger trigger;
    private final @Nullable String taskQueue;
    private final @Nullable RunId parentRunId;
    private final @Nullable RunId replayOfRunId;
    private final boolean oncePerDelivery;
    private final Map<String, String> context;
    private final @Nullable String input;

    private NewRun(Builder builder) {
        this.id = builder.id;
        this.workflowName = builder.workflowName;
        this.project = builder.project;
        this.workflowVersion = builder.workflowVersion;
        this.channel = builder.channel;
        this.target = builder.target;
        this.trigger = builder.trigger;
        this.taskQueue = builder.taskQueue;
        this.parentRunId = builder.parentRunId;
        this.replayOfRunId = builder.replayOfRunId;
        this.oncePerDelivery = builder.oncePerDelivery;
        this.context = builder.context;
        this.input = builder.input;
    }

    /** Returns a run of this workflow, whose name has 1 to 128 characters, with every default. */
    public static NewRun of(String workflowName) {
        return builder(workflowName).build();
    }

    /** Starts a run of this workflow, for what sets many parts at once, such as a store that reads a row. */
    public static Builder builder(String workflowName) {
        return new Builder(Require.name("workflowName", workflowName, 128));
    }

    /** Starts a builder with everything that this run has. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns the same run under this id. A dispatch of an id that exists is {@link Dispatch.AlreadyQueued}. Default: the ledger makes one. */
    public NewRun id(RunId id) {
        return toBuilder().id(Objects.requireNonNull(id, "id")).build();
    }

    /** Returns the same run of this project; at most 128 characters. Default: empty. */
    public NewRun project(String project) {
        return toBuilder().project(project).build();
    }

    /** Returns the same run of this version of the workflow; at most 128 characters. Default: none. */
    public NewRun workflowVersion(String workflowVersion) {
        return toBuilder()
                .workflowVersion(Objects.requireNonNull(workflowVersion, "workflowVersion"))
                .build();
    }

    /** Returns the same run in this channel. Default: {@link Channel#LIVE}. */
    public NewRun channel(Channel channel) {
        return toBuilder().channel(channel).build();
    }

    /** Returns the same run on this target, which at most one run in flight may have. Default: no target, and so no guard. */
    public NewRun target(Target target) {
        return toBuilder().target(Objects.requireNonNull(target, "target")).build();
    }

    /** Returns the same run on this target, given as text of at most 512 characters. */
    public NewRun target(String target) {
        return target(Target.of(target));
    }

    /** Returns the same run, made by this trigger. Default: unknown. */
    public NewRun trigger(Trigger trigger) {
        return toBuilder().trigger(Objects.requireNonNull(trigger, "trigger")).build();
    }

    /** Returns the same run for this queue of the application; at most 128 characters. Default: none named. */
    public NewRun taskQueue(String taskQueue) {
        return toBuilder()
                .taskQueue(Objects.requireNonNull(taskQueue, "taskQueue"))
                .build();
    }

    /** Returns the same run as the child of this one. {@code handOff} sets it. Default: none. */
    public NewRun parentRunId(RunId parentRunId) {
        return toBuilder()
                .parentRunId(Objects.requireNonNull(parentRunId, "parentRunId"))
                .build();
    }

    /** Returns the same run as one that does the work of this run again. {@code replay} sets it. Default: none. */
    public NewRun replayOfRunId(RunId replayOfRunId) {
        return toBuilder()
                .replayOfRunId(Objects.requireNonNull(replayOfRunId, "replayOfRunId"))
                .build();
    }

    /**
     * Returns the same run with what its handler needs, as JSON. Unlike a payload it is not for people: it is kept exactly as it is, never
     * redacted, emitted, logged or listed, and {@code RunScope.input()} gives it to the handler. The application answers for what it puts
     * there. Default: none.
     *
     * @throws IllegalArgumentException if it has a character that no database keeps: U+0000, or half of a surrogate pair
     */
    public NewRun input(String json) {
        return toBuilder().input(Objects.requireNonNull(json, "input")).build();
    }

    /**
     * Returns the same run, to be refused as {@code duplicate_delivery} if its workflow and target ever had its delivery id. Default: off.
     *
     * @param oncePerDelivery whether to refuse it
     */
    public NewRun oncePerDelivery(boolean oncePerDelivery) {
        return toBuilder().oncePerDelivery(oncePerDelivery).build();
    }

    /** Returns the same run with what travels with it. The ledger sets it to what the context carriers capture at dispatch. */
    public NewRun context(Map<String, String> context) {
        return Objects.requireNonNull(context, "context").isEmpty() && this.context.isEmpty()
                ? this
                : toBuilder().context(context).build();
    }

    /** Returns the id, or empty if the ledger is to make one. */
    public Optional<RunId> id() {
        return Optional.ofNullable(id);
    }

    /** Returns the workflow. */
    public String workflowName() {
        return workflowName;
    }

    /** Returns the project; empty by default. */
    public String project() {
        return project;
    }

    /** Returns the version of the workflow. */
    public Optional<String> workflowVersion() {
        return Optional.ofNullable(workflowVersion);
    }

    /** Returns the channel. */
    public Channel channel() {
        return channel;
    }

    /** Returns the target. */
    public Optional<Target> target() {
        return Optional.ofNullable(target);
    }

    /** Returns what made the run. */
    public Optional<Trigger> trigger() {
        return Optional.ofNullable(trigger);
    }

    /** Returns the id under which the trigger was delivered. */
    public Optional<String> deliveryId() {
        return trigger == null ? Optional.empty() : trigger.deliveryId();
    }

    /** Returns the queue of the application that the run goes through. */
    public Optional<String> taskQueue() {
        return Optional.ofNullable(taskQueue);
    }

    /** Returns the run that handed this one its work. */
    public Optional<RunId> parentRunId() {
        return Optional.ofNullable(parentRunId);
    }

    /** Returns the run whose work this one does again. */
    public Optional<RunId> replayOfRunId() {
        return Optional.ofNullable(replayOfRunId);
    }

    /** Returns whether to refuse a delivery id that the workflow and target had before. */
    public boolean oncePerDelivery() {
        return oncePerDelivery;
    }

    /** Returns what the handler needs. A run that was dispatched has none here: {@code RunHistory.input} reads it. */
    public Optional<String> input() {
        return Optional.ofNullable(input);
    }

    /** Returns the same run without its input. */
    public NewRun withoutInput() {
        return input == null ? this : toBuilder().input(null).build();
    }

    /** Returns what the context carriers captured at dispatch; empty until then. */
    public Map<String, String> context() {
        return context;
    }

    /** Returns the same run without the body that its trigger brought, as it stands in a list. */
    public NewRun withoutPayload() {
        return trigger == null || trigger.payload().isEmpty() ? this : trigger(trigger.withoutPayload());
    }

    private List<@Nullable Object> parts() {
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
                replayOfRunId,
                oncePerDelivery,
                context,
                input);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NewRun that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Returns ids, sizes and references: no text of a caller and no body. */
    @Override
    public String toString() {
        return "NewRun[%s, id %s, target %s, trigger %s]".formatted(workflowName, id, Require.size(target), trigger);
    }

    /** Builds a {@link NewRun}. Not thread-safe. A null clears what may be absent; the setters of {@link NewRun} say the rest. */
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
        private @Nullable RunId replayOfRunId;
        private boolean oncePerDelivery;
        private Map<String, String> context = Map.of();
        private @Nullable String input;

        private Builder(String workflowName) {
            this.workflowName = workflowName;
        }

        private Builder(NewRun from) {
            workflowName = from.workflowName;
            id = from.id;
            project = from.project;
            workflowVersion = from.workflowVersion;
            channel = from.channel;
            target = from.target;
            trigger = from.trigger;
            taskQueue = from.taskQueue;
            parentRunId = from.parentRunId;
            replayOfRunId = from.replayOfRunId;
            oncePerDelivery = from.oncePerDelivery;
            context = from.context;
            input = from.input;
        }

        /** Sets the id. */
        public Builder id(@Nullable RunId id) {
            this.id = id;
            return this;
        }

        /** Sets the project. */
        public Builder project(String project) {
            Require.optionalName("project", project, 128);
            this.project = project;
            return this;
        }

        /** Sets the version of the workflow. */
        public Builder workflowVersion(@Nullable String workflowVersion) {
            this.workflowVersion = Require.nullableName("workflowVersion", workflowVersion, 128);
            return this;
        }

        /** Sets the channel. */
        public Builder channel(Channel channel) {
            this.channel = Objects.requireNonNull(channel, "channel");
            return this;
        }

        /** Sets the target. */
        public Builder target(@Nullable Target target) {
            this.target = target;
            return this;
        }

        /** Sets what made the run. */
        public Builder trigger(@Nullable Trigger trigger) {
            this.trigger = trigger;
            return this;
        }

        /** Sets the queue of the application. */
        public Builder taskQueue(@Nullable String taskQueue) {
            this.taskQueue = Require.nullableName("taskQueue", taskQueue, 128);
            return this;
        }

        /** Sets the run that hands this one its work. */
        public Builder parentRunId(@Nullable RunId parentRunId) {
            this.parentRunId = parentRunId;
            return this;
        }

        /** Sets the run whose work this one does again. */
        public Builder replayOfRunId(@Nullable RunId replayOfRunId) {
            this.replayOfRunId = replayOfRunId;
            return this;
        }

        /** Sets whether a delivery id that was there before is refused. */
        public Builder oncePerDelivery(boolean oncePerDelivery) {
            this.oncePerDelivery = oncePerDelivery;
            return this;
        }

        /** Sets what travels with the run. */
        public Builder context(Map<String, String> context) {
            this.context = Map.copyOf(Objects.requireNonNull(context, "context"));
            return this;
        }

        /** Sets what the handler needs. */
        public Builder input(@Nullable String json) {
            this.input = json == null ? null : Require.storable("input", json);
            return this;
        }

        /** Returns the run. */
        public NewRun build() {
            return new NewRun(this);
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
}
