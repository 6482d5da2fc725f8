package dev.runledger.history;

import dev.runledger.failure.Failure;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says which runs a page shows: those that pass every filter that is set. Immutable. */
public final class RunQuery {
    /** The most runs that a page can have. */
    public static final int MAX_LIMIT = 200;

    private static final RunQuery ALL = builder().build();

    private final Builder parts;

    private RunQuery(Builder parts) {
        this.parts = parts;
    }

    /** Returns the query for the newest runs of all. */
    public static RunQuery all() {
        return ALL;
    }

    /** Starts a query with no filter. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the same query for the page that begins where this one ended.
     *
     * @throws java.util.NoSuchElementException if this page is the last
     */
    public RunQuery after(RunHistory.Page page) {
        return toBuilder().after(page.next().orElseThrow()).build();
    }

    /** Starts a builder with everything that this query has. */
    public Builder toBuilder() {
        return new Builder(parts);
    }

    /** Returns the project of the runs, if it is a filter. */
    public Optional<String> project() {
        return Optional.ofNullable(parts.project);
    }

    /** Returns the workflow of the runs, if it is a filter. */
    public Optional<String> workflowName() {
        return Optional.ofNullable(parts.workflowName);
    }

    /** Returns the kind of trigger that made the runs, if it is a filter. */
    public Optional<String> trigger() {
        return Optional.ofNullable(parts.trigger);
    }

    /** Returns the target of the runs, if it is a filter. */
    public Optional<Target> target() {
        return Optional.ofNullable(parts.target);
    }

    /** Returns the delivery that made the runs, if it is a filter. */
    public Optional<String> deliveryId() {
        return Optional.ofNullable(parts.deliveryId);
    }

    /** Returns the parent of the runs, if it is a filter. */
    public Optional<RunId> parentRunId() {
        return Optional.ofNullable(parts.parentRunId);
    }

    /** Returns how the runs failed, if it is a filter. */
    public Optional<Failure.Category> errorCategory() {
        return Optional.ofNullable(parts.errorCategory);
    }

    /** Returns the instant at which, or after which, the runs were dispatched, if it is a filter. */
    public Optional<Instant> from() {
        return Optional.ofNullable(parts.from);
    }

    /** Returns the instant before which the runs were dispatched, if it is a filter. */
    public Optional<Instant> to() {
        return Optional.ofNullable(parts.to);
    }

    /** Returns the text that the reasons of the runs contain, if it is a filter. */
    public Optional<String> reasonContains() {
        return Optional.ofNullable(parts.reasonContains);
    }

    /** Returns the states of the runs; empty for all states. */
    public Set<RunState> states() {
        return parts.states;
    }

    /** Returns how many runs a page has. */
    public int limit() {
        return parts.limit;
    }

    /** Returns where the page begins; empty for the newest. */
    public Optional<Position> after() {
        return Optional.ofNullable(parts.after);
    }

    /** Returns whether the run passes every filter, and comes after the position. */
    public boolean matches(WorkflowRun run) {
        var request = run.request();
        Instant queuedAt = run.times().queuedAt();
        return is(parts.project, Optional.of(request.project()))
                && is(parts.workflowName, Optional.of(request.workflowName()))
                && (parts.states.isEmpty() || parts.states.contains(run.state()))
                && is(parts.trigger, request.trigger().map(Trigger::name))
                && is(parts.target, request.target())
                && is(parts.deliveryId, request.deliveryId())
                && is(parts.parentRunId, request.parentRunId())
                && is(parts.errorCategory, run.failure().map(Failure::category))
                && (parts.from == null || !queuedAt.isBefore(parts.from))
                && (parts.to == null || queuedAt.isBefore(parts.to))
                && (parts.reasonContains == null || hasPart(run.reason().orElse(null), parts.reasonContains))
                && (parts.after == null || Position.NEWEST_FIRST.compare(parts.after, Position.of(run)) < 0);
    }

    private static boolean is(@Nullable Object wanted, Optional<?> had) {
        return wanted == null || had.filter(wanted::equals).isPresent();
    }

    /** Half of a surrogate pair is no part of a text: no database can find it. */
    private static boolean hasPart(@Nullable String text, String part) {
        boolean halved = !part.isEmpty()
                && (Character.isLowSurrogate(part.charAt(0))
                        || Character.isHighSurrogate(part.charAt(part.length() - 1)));
        return !halved && text != null && lower(text).contains(lower(part));
    }

    /** A to Z in lower case and everything else as it is: what both databases can do alike. */
    private static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c)));
        return lower.toString();
    }

    /** Returns the filters that are set, by name. */
    @Override
    public String toString() {
        Map<String, Object> set = new LinkedHashMap<>();
        project().ifPresent(value -> set.put("project", value));
        workflowName().ifPresent(value -> set.put("workflowName", value));
        set.put("states", parts.states);
        trigger().ifPresent(value -> set.put("trigger", value));
        target().ifPresent(value -> set.put("target", value));
        deliveryId().ifPresent(value -> set.put("deliveryId", value));
        parentRunId().ifPresent(value -> set.put("parentRunId", value));
        errorCategory().ifPresent(value -> set.put("errorCategory", value));
        from().ifPresent(value -> set.put("from", value));
        to().ifPresent(value -> set.put("to", value));
        reasonContains().ifPresent(value -> set.put("reasonContains", value));
        set.put("limit", parts.limit);
        after().ifPresent(value -> set.put("after", value.text()));
        return "RunQuery" + set;
    }

    /**
     * A place in the order of pages: newest dispatch first, then by id if two were dispatched in one microsecond.
     *
     * @param queuedAt when the run there was dispatched
     * @param id the id that stands there, which need not be a valid one
     */
    public record Position(Instant queuedAt, String id) {
        /** The order of pages. */
        public static final Comparator<Position> NEWEST_FIRST = Comparator.comparing(Position::queuedAt)
                .thenComparing(Position::id)
                .reversed();

        /** The same order for runs. */
        public static final Comparator<WorkflowRun> NEWEST_RUN_FIRST = Comparator.comparing(Position::of, NEWEST_FIRST);

        /** Checks that the parts are there. */
        public Position {
            Objects.requireNonNull(queuedAt, "queuedAt");
            Objects.requireNonNull(id, "id");
        }

        /** Returns the position of this run. */
        public static Position of(WorkflowRun run) {
            return new Position(run.times().queuedAt(), run.id().value());
        }

        /** Returns the position as a text that can stand in a URL, for {@link Builder#after}. */
        public String text() {
            return queuedAt.getEpochSecond() * 1_000_000 + queuedAt.getNano() / 1_000 + "_" + id;
        }

        /**
         * Returns the position of this text.
         *
         * @throws IllegalArgumentException if it is not the text of a position
         */
        public static Position of(String text) {
            int line = text.indexOf('_');
            try {
                long micros = Long.parseLong(text.substring(0, Math.max(0, line)));
                return new Position(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), text.substring(line + 1));
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException broken) {
                throw new IllegalArgumentException(
                        "after is not the position of a page: expected the next of a page, got %s"
                                .formatted(shown(text)));
            }
        }

        private static String shown(String text) {
            return text.length() + " characters"
                    + (text.length() <= 64 && text.chars().allMatch(c -> c > ' ' && c < 0x7F) ? ": " + text : "");
        }
    }

    /** Builds a {@link RunQuery}. Not thread-safe. */
    public static final class Builder {
        private @Nullable String project;
        private @Nullable String workflowName;
        private Set<RunState> states = Set.of();
        private @Nullable String trigger;
        private @Nullable Target target;
        private @Nullable String deliveryId;
        private @Nullable RunId parentRunId;
        private Failure.@Nullable Category errorCategory;
        private @Nullable Instant from;
        private @Nullable Instant to;
        private @Nullable String reasonContains;
        private int limit = 50;
        private @Nullable Position after;

        private Builder() {}

        private Builder(Builder other) {
            this.project = other.project;
            this.workflowName = other.workflowName;
            this.states = other.states;
            this.trigger = other.trigger;
            this.target = other.target;
            this.deliveryId = other.deliveryId;
            this.parentRunId = other.parentRunId;
            this.errorCategory = other.errorCategory;
            this.from = other.from;
            this.to = other.to;
            this.reasonContains = other.reasonContains;
            this.limit = other.limit;
            this.after = other.after;
        }

        /** Shows runs of this project only; the empty project for runs that have none. */
        public Builder project(String project) {
            this.project = Objects.requireNonNull(project, "project");
            return this;
        }

        /** Shows runs of this workflow only. */
        public Builder workflowName(String workflowName) {
            this.workflowName = Objects.requireNonNull(workflowName, "workflowName");
            return this;
        }

        /** Shows runs in one of these states only. */
        public Builder states(RunState... states) {
            return states(List.of(Objects.requireNonNull(states, "states"))); // which may name one twice
        }

        /** Shows runs in one of these states only. */
        public Builder states(Collection<RunState> states) {
            this.states = Set.copyOf(Objects.requireNonNull(states, "states"));
            return this;
        }

        /** Shows runs that this kind of trigger made only. */
        public Builder trigger(String trigger) {
            this.trigger = Objects.requireNonNull(trigger, "trigger");
            return this;
        }

        /** Shows runs on this target only. */
        public Builder target(Target target) {
            this.target = Objects.requireNonNull(target, "target");
            return this;
        }

        /** Shows runs that this delivery made only. */
        public Builder deliveryId(String deliveryId) {
            this.deliveryId = Objects.requireNonNull(deliveryId, "deliveryId");
            return this;
        }

        /** Shows children of this run only. */
        public Builder parentRunId(RunId parentRunId) {
            this.parentRunId = Objects.requireNonNull(parentRunId, "parentRunId");
            return this;
        }

        /** Shows runs that failed with this category only. */
        public Builder errorCategory(Failure.Category errorCategory) {
            this.errorCategory = Objects.requireNonNull(errorCategory, "errorCategory");
            return this;
        }

        /** Shows runs only that were dispatched at this instant or later, cut to microseconds. */
        public Builder from(Instant from) {
            this.from = Objects.requireNonNull(from, "from").truncatedTo(ChronoUnit.MICROS);
            return this;
        }

        /** Shows runs only that were dispatched before this instant, cut to microseconds. */
        public Builder to(Instant to) {
            this.to = Objects.requireNonNull(to, "to").truncatedTo(ChronoUnit.MICROS);
            return this;
        }

        /** Shows runs only that have this text in their reason; A to Z compare without case. */
        public Builder reasonContains(String text) {
            this.reasonContains = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Sets how many runs a page has, 1 to 200. Default: 50. */
        public Builder limit(int limit) {
            if (limit < 1 || limit > MAX_LIMIT) {
                throw new IllegalArgumentException("limit is %s, expected 1 to %s".formatted(limit, MAX_LIMIT));
            }
            this.limit = limit;
            return this;
        }

        /** Sets where the page begins: the {@code next} of the page before. Default: with the newest run. */
        public Builder after(String next) {
            this.after = Position.of(Objects.requireNonNull(next, "next"));
            return this;
        }

        /** Returns the query. */
        public RunQuery build() {
            return new RunQuery(new Builder(this));
        }
    }
}
