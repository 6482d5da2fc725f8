package dev.runledger.run;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a host asks for when it starts or skips a task, and afterwards the part of the task that never changes.
 *
 * <p>Immutable; {@link #of(String)} and the methods that answer a changed copy.
 *
 * @param id the task's id, or null to have the ledger make one
 * @param name which step of the workflow it is; 1 to 128 characters
 * @param verb what it does, such as {@code fetch} or {@code score}; {@code execute}, or {@code call} for an adapter, by default
 * @param kind what kind of step it is
 * @param instrument the tool that is executed or the adapter that is called; the task's name by default
 * @param retry when a failed attempt is expected to be tried again; never by default
 * @param timeout how long an attempt may take, or null where nothing says so; told, not enforced
 * @param permissions what a tool is allowed to do, as the host names it
 * @param input what the task is given, or null
 */
public record NewTask(
        @Nullable TaskId id,
        String name,
        String verb,
        TaskKind kind,
        String instrument,
        RetryPolicy retry,
        @Nullable Duration timeout,
        Set<String> permissions,
        @Nullable Payload input) {
    /** Checks the names, throwing an {@link IllegalArgumentException} that names the one that does not fit. */
    public NewTask {
        Require.name("taskName", name, 128);
        Require.name("verb", verb, 64);
        Objects.requireNonNull(kind, "kind");
        Require.name("instrument", instrument, 128);
        Objects.requireNonNull(retry, "retry");
        permissions = Set.copyOf(permissions);
        permissions.forEach(permission -> Require.name("permission", permission, 128));
    }

    /** A step of the workflow's own code. */
    public static NewTask of(String name) {
        return of(name, TaskKind.TASK);
    }

    /** A step of this kind. */
    public static NewTask of(String name, TaskKind kind) {
        String verb = kind == TaskKind.ADAPTER ? "call" : "execute";
        return new NewTask(null, name, verb, kind, name, RetryPolicy.none(), null, Set.of(), null);
    }

    /** The same task under this id. */
    public NewTask id(TaskId id) {
        return new NewTask(
                Objects.requireNonNull(id, "id"), name, verb, kind, instrument, retry, timeout, permissions, input);
    }

    /** The same task doing this. */
    public NewTask verb(String verb) {
        return new NewTask(id, name, verb, kind, instrument, retry, timeout, permissions, input);
    }

    /** The same task with this tool or adapter. */
    public NewTask instrument(String instrument) {
        return new NewTask(id, name, verb, kind, instrument, retry, timeout, permissions, input);
    }

    /** The same task with this policy. */
    public NewTask retry(RetryPolicy retry) {
        return new NewTask(id, name, verb, kind, instrument, retry, timeout, permissions, input);
    }

    /** The same task with this time an attempt may take. */
    public NewTask timeout(Duration timeout) {
        return new NewTask(
                id,
                name,
                verb,
                kind,
                instrument,
                retry,
                Objects.requireNonNull(timeout, "timeout"),
                permissions,
                input);
    }

    /** The same task, allowed to do this. */
    public NewTask permissions(Set<String> permissions) {
        return new NewTask(id, name, verb, kind, instrument, retry, timeout, permissions, input);
    }

    /** The same task, given this. */
    public NewTask input(Payload input) {
        return new NewTask(
                id, name, verb, kind, instrument, retry, timeout, permissions, Objects.requireNonNull(input, "input"));
    }
}
