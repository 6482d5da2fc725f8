package dev.runledger.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a task, a step of a run, and is afterwards the part of the task that never changes. Immutable: each setter returns a copy.
 *
 * <p>A setter throws an {@link IllegalArgumentException} that names the value if it does not fit.
 */
public final class NewTask {
    private final Parts parts;

    private NewTask(Parts parts) {
        this.parts = parts;
    }

    /** Returns a step of the workflow's own code; its name has 1 to 128 characters. */
    public static NewTask of(String name) {
        return of(name, Kind.TASK);
    }

    /** Returns a step of this kind; its name has 1 to 128 characters. */
    public static NewTask of(String name, Kind kind) {
        Parts parts = new Parts();
        parts.name = Require.name("taskName", name, 128);
        parts.kind = Objects.requireNonNull(kind, "kind");
        parts.verb = kind == Kind.ADAPTER ? "call" : "execute";
        parts.instrument = name;
        return new NewTask(parts);
    }

    private NewTask with(Consumer<Parts> change) {
        Parts copy = new Parts(parts);
        change.accept(copy);
        return new NewTask(copy);
    }

    /** Returns the same task under this id. Default: the ledger makes one. */
    public NewTask id(TaskId id) {
        Objects.requireNonNull(id, "id");
        return with(copy -> copy.id = id);
    }

    /** Returns the same task with what it does, such as {@code fetch}; at most 64 characters. Default: {@code execute}, or {@code call} for an adapter. */
    public NewTask verb(String verb) {
        Require.name("verb", verb, 64);
        return with(copy -> copy.verb = verb);
    }

    /** Returns the same task with this tool or adapter; at most 128 characters. Default: the task's name. */
    public NewTask instrument(String instrument) {
        Require.name("instrument", instrument, 128);
        return with(copy -> copy.instrument = instrument);
    }

    /** Returns the same task with this policy. Default: {@link RetryPolicy#none()}. */
    public NewTask retry(RetryPolicy retry) {
        Objects.requireNonNull(retry, "retry");
        return with(copy -> copy.retry = retry);
    }

    /** Returns the same task with the time that an attempt may take, which is reported and not enforced. Default: none. */
    public NewTask timeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        return with(copy -> copy.timeout = timeout);
    }

    /** Returns the same task with what a tool is allowed to do, as the application names it. Default: nothing is named. */
    public NewTask permissions(Set<String> permissions) {
        Set<String> copied = Set.copyOf(Objects.requireNonNull(permissions, "permissions"));
        copied.forEach(permission -> Require.name("permission", permission, 128));
        return with(copy -> copy.permissions = copied);
    }

    /** Returns the same task with its input. Default: none. */
    public NewTask input(Payload input) {
        Objects.requireNonNull(input, "input");
        return with(copy -> copy.input = input);
    }

    NewTask withoutInput() {
        return with(copy -> copy.input = null);
    }

    /** Returns the id, or empty if the ledger is to make one. */
    public Optional<TaskId> id() {
        return Optional.ofNullable(parts.id);
    }

    /** Returns which step of the workflow it is. */
    public String name() {
        return parts.name;
    }

    /** Returns what the task does. */
    public String verb() {
        return parts.verb;
    }

    /** Returns the kind of step. */
    public Kind kind() {
        return parts.kind;
    }

    /** Returns the tool that is executed or the adapter that is called. */
    public String instrument() {
        return parts.instrument;
    }

    /** Returns when a failed attempt is expected to be tried again. */
    public RetryPolicy retry() {
        return parts.retry;
    }

    /** Returns the time that an attempt may take. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(parts.timeout);
    }

    /** Returns what a tool is allowed to do. */
    public Set<String> permissions() {
        return parts.permissions;
    }

    /** Returns the input. */
    public Optional<Payload> input() {
        return Optional.ofNullable(parts.input);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NewTask that && parts.list().equals(that.parts.list());
    }

    @Override
    public int hashCode() {
        return parts.list().hashCode();
    }

    @Override
    public String toString() {
        return "NewTask[%s, id %s, %s %s %s]".formatted(parts.name, parts.id, parts.kind, parts.verb, parts.instrument);
    }

    /** The parts of a task, changed only while a copy is made. */
    private static final class Parts {
        private @Nullable TaskId id;
        private String name = "";
        private String verb = "";
        private Kind kind = Kind.TASK;
        private String instrument = "";
        private RetryPolicy retry = RetryPolicy.none();
        private @Nullable Duration timeout;
        private Set<String> permissions = Set.of();
        private @Nullable Payload input;

        Parts() {}

        Parts(Parts from) {
            id = from.id;
            name = from.name;
            verb = from.verb;
            kind = from.kind;
            instrument = from.instrument;
            retry = from.retry;
            timeout = from.timeout;
            permissions = from.permissions;
            input = from.input;
        }

        List<@Nullable Object> list() {
            return Arrays.asList(id, name, verb, kind, instrument, retry, timeout, permissions, input);
        }
    }

    /** Lists the kinds of steps. The kind names the task's span and is fit for a metric's tag. */
    public enum Kind {
        /** A step of the workflow's own code. */
        TASK,
        /** A call of an agent or a model. */
        AGENT,
        /** The execution of a tool, with an exit code and output. */
        TOOL,
        /** A call of another system through an adapter. */
        ADAPTER;

        /** Returns the code on an event: {@code task}, {@code agent}, {@code tool} or {@code adapter}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
