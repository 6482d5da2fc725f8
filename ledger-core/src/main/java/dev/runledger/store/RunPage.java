package dev.runledger.store;

import dev.runledger.run.WorkflowRun;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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

    /**
     * Looks for a page among all runs, for a store that has no query language.
     *
     * @param runs every run that the store holds, in any order
     */
    public static RunPage of(Stream<WorkflowRun> runs, RunQuery query) {
        List<WorkflowRun> found = runs.filter(query::matches)
                .sorted(Comparator.comparing(RunQuery.Position::of, RunQuery.Position.NEWEST_FIRST))
                .limit(query.limit() + 1L)
                .map(WorkflowRun::withoutPayloads)
                .toList();
        if (found.size() <= query.limit()) {
            return new RunPage(found, List.of(), null);
        }
        List<WorkflowRun> page = found.subList(0, query.limit());
        return new RunPage(
                page, List.of(), RunQuery.Position.of(page.get(page.size() - 1)).text());
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
