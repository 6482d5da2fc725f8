package dev.runledger.run;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt of a task gave back.
 *
 * @param output what the task made, or null
 * @param exitCode the exit code of a tool, or null
 * @param outputBytes how much a tool printed, in bytes, or null
 * @param timedOut whether the attempt ran out of time
 */
public record TaskResult(
        @Nullable Payload output,
        @Nullable Integer exitCode,
        @Nullable Long outputBytes,
        boolean timedOut) {
    private static final TaskResult NOTHING = new TaskResult(null, null, null, false);

    /** A result of which nothing is known but that the attempt is over. */
    public static TaskResult nothing() {
        return NOTHING;
    }

    /** What the task made. */
    public static TaskResult of(Payload output) {
        return new TaskResult(Objects.requireNonNull(output, "output"), null, null, false);
    }

    /** What a tool exited with and how many bytes it printed. */
    public static TaskResult tool(int exitCode, long outputBytes) {
        return new TaskResult(null, exitCode, outputBytes, false);
    }

    /** The same result of an attempt that ran out of time. */
    public TaskResult ranOutOfTime() {
        return new TaskResult(output, exitCode, outputBytes, true);
    }
}
