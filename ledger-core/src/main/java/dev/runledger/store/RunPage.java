package dev.runledger.store;

import dev.runledger.run.WorkflowRun;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of runs, newest first. Its runs come without the payloads of their triggers and resumptions.
 *
 * @param runs the runs that could be read
 * @param unreadable the rows of the page that could not, so that one bad row costs only itself
 * @param next where the next page begins, for {@code RunQuery.after}, or null where this is the last
 */
public record RunPage(
        List<WorkflowRun> runs,
        List<Unreadable> unreadable,
        @Nullable String next) {
    /** Copies the lists. */
    public RunPage {
        runs = List.copyOf(runs);
        unreadable = List.copyOf(unreadable);
    }

    /** Where the next page begins, or empty where this is the last. */
    public Optional<String> nextPage() {
        return Optional.ofNullable(next);
    }

    /**
     * A row that a newer version wrote, or somebody by hand.
     *
     * @param id the id that stands in the row, as it stands there, at most 128 characters of it
     * @param why what could not be read
     */
    public record Unreadable(String id, String why) {
        /** Checks the parts. */
        public Unreadable {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(why, "why");
        }
    }
}
