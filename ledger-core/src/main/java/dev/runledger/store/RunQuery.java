package dev.runledger.store;

import dev.runledger.run.ErrorCategory;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs a page shows: those that pass every filter that is set. Immutable.
 *
 * @param project whose runs, or null for everybody's
 * @param workflowName of which workflow, or null
 * @param states in which states; empty for all
 * @param trigger made by which kind of trigger, or null
 * @param target working on what, or null
 * @param deliveryId made by which delivery, or null
 * @param parentRunId children of which run, or null
 * @param errorCategory failed in which way, or null
 * @param from dispatched at this instant or later, or null
 * @param to dispatched before this instant, or null
 * @param reasonContains with this text in their reason, or null; A to Z compare without case
 * @param limit how many runs a page has, 1 to 200; 50 by default
 * @param after where the page begins, or null for the newest
 */
public record RunQuery(
        @Nullable String project,
        @Nullable String workflowName,
        Set<RunState> states,
        @Nullable String trigger,
        @Nullable Target target,
        @Nullable String deliveryId,
        @Nullable RunId parentRunId,
        @Nullable ErrorCategory errorCategory,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String reasonContains,
        int limit,
        @Nullable Position after) {
    /** The most runs that a page can have. */
    public static final int MAX_LIMIT = 200;

    private static final RunQuery ALL = builder().build();

    /** Checks the limit, copies the states and cuts the instants to microseconds. */
    public RunQuery {
        states = Set.copyOf(states);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is %d, expected 1 to %d".formatted(limit, MAX_LIMIT));
        }
        from = from == null ? null : from.truncatedTo(ChronoUnit.MICROS);
        to = to == null ? null : to.truncatedTo(ChronoUnit.MICROS);
    }

    /** The newest runs of all. */
    public static RunQuery all() {
        return ALL;
    }

    /** Starts with no filter. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same query, for the page that begins after this one ended. */
    public RunQuery after(RunPage page) {
        return toBuilder().after(page.nextPage().orElseThrow()).build();
    }

    /** Starts from everything that this query has. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.project = project;
        builder.workflowName = workflowName;
        builder.states = states;
        builder.trigger = trigger;
        builder.target = target;
        builder.deliveryId = deliveryId;
        builder.parentRunId = parentRunId;
        builder.errorCategory = errorCategory;
        builder.from = from;
        builder.to = to;
        builder.reasonContains = reasonContains;
        builder.limit = limit;
        builder.after = after;
        return builder;
    }

    /** Whether the run passes every filter, and comes after the position. */
    public boolean matches(WorkflowRun run) {
        var request = run.request();
        Instant queuedAt = run.times().queuedAt();
        return is(project, request.project())
                && is(workflowName, request.workflowName())
                && (states.isEmpty() || states.contains(run.state()))
                && is(
                        trigger,
                        request.trigger() == null ? null : request.trigger().name())
                && is(target, request.target())
                && is(deliveryId, request.deliveryId())
                && is(parentRunId, request.parentRunId())
                && is(
                        errorCategory,
                        run.failure() == null ? null : run.failure().category())
                && (from == null || !queuedAt.isBefore(from))
                && (to == null || queuedAt.isBefore(to))
                && (reasonContains == null
                        || (run.reason() != null && hasPart(lower(run.reason()), lower(reasonContains))))
                && (after == null || Position.NEWEST_FIRST.compare(after, Position.of(run)) < 0);
    }

    private static boolean is(@Nullable Object wanted, @Nullable Object had) {
        return wanted == null || wanted.equals(had);
    }

    /** Half of a surrogate pair is no part of a text: no database can find it. */
    private static boolean hasPart(String text, String part) {
        boolean halved = !part.isEmpty()
                && (Character.isLowSurrogate(part.charAt(0))
                        || Character.isHighSurrogate(part.charAt(part.length() - 1)));
        return !halved && text.contains(part);
    }

    /** A to Z in lower case and everything else as it is: what both databases can do alike. */
    private static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c)));
        return lower.toString();
    }

    /**
     * A place in the order of pages: newest dispatch first, and by id where two were dispatched in one microsecond.
     *
     * @param queuedAt when the run there was dispatched
     * @param id the id that stands there, which need not be a good one
     */
    public record Position(Instant queuedAt, String id) {
        /** The order of pages. */
        public static final Comparator<Position> NEWEST_FIRST = Comparator.comparing(Position::queuedAt)
                .thenComparing(Position::id)
                .reversed();

        /** Checks the parts. */
        public Position {
            Objects.requireNonNull(queuedAt, "queuedAt");
            Objects.requireNonNull(id, "id");
        }

        /** Where this run stands. */
        public static Position of(WorkflowRun run) {
            return new Position(run.times().queuedAt(), run.id().value());
        }

        /** The position as a text that can stand in an address, for {@link Builder#after}. */
        public String text() {
            return queuedAt.getEpochSecond() * 1_000_000 + queuedAt.getNano() / 1_000 + "_" + id;
        }

        /**
         * The position of this text.
         *
         * @throws IllegalArgumentException if no page ever gave it
         */
        public static Position of(String text) {
            int line = text.indexOf('_');
            try {
                long micros = Long.parseLong(text.substring(0, Math.max(0, line)));
                return new Position(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), text.substring(line + 1));
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException broken) {
                throw new IllegalArgumentException(
                        "after is no position of a page: expected what a page gave as next, got %s"
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
        private @Nullable ErrorCategory errorCategory;
        private @Nullable Instant from;
        private @Nullable Instant to;
        private @Nullable String reasonContains;
        private int limit = 50;
        private @Nullable Position after;

        private Builder() {}

        /** Runs of this project; the empty one for those that have none. */
        public Builder project(String project) {
            this.project = Objects.requireNonNull(project, "project");
            return this;
        }

        /** Runs of this workflow. */
        public Builder workflowName(String workflowName) {
            this.workflowName = Objects.requireNonNull(workflowName, "workflowName");
            return this;
        }

        /** Runs in one of these states. */
        public Builder states(RunState... states) {
            return states(List.of(states)); // which may name one twice
        }

        /** Runs in one of these states. */
        public Builder states(Collection<RunState> states) {
            this.states = Set.copyOf(states);
            return this;
        }

        /** Runs that this kind of trigger made. */
        public Builder trigger(String trigger) {
            this.trigger = Objects.requireNonNull(trigger, "trigger");
            return this;
        }

        /** Runs on this target. */
        public Builder target(Target target) {
            this.target = Objects.requireNonNull(target, "target");
            return this;
        }

        /** Runs that this delivery made. */
        public Builder deliveryId(String deliveryId) {
            this.deliveryId = Objects.requireNonNull(deliveryId, "deliveryId");
            return this;
        }

        /** Children of this run. */
        public Builder parentRunId(RunId parentRunId) {
            this.parentRunId = Objects.requireNonNull(parentRunId, "parentRunId");
            return this;
        }

        /** Runs that failed in this way. */
        public Builder errorCategory(ErrorCategory errorCategory) {
            this.errorCategory = Objects.requireNonNull(errorCategory, "errorCategory");
            return this;
        }

        /** Runs that were dispatched at this instant or later. */
        public Builder from(Instant from) {
            this.from = Objects.requireNonNull(from, "from");
            return this;
        }

        /** Runs that were dispatched before this instant. */
        public Builder to(Instant to) {
            this.to = Objects.requireNonNull(to, "to");
            return this;
        }

        /** Runs with this text in their reason; A to Z compare without case. */
        public Builder reasonContains(String text) {
            this.reasonContains = Objects.requireNonNull(text, "text");
            return this;
        }

        /** How many runs a page has, 1 to 200. Default: 50. */
        public Builder limit(int limit) {
            this.limit = limit;
            return this;
        }

        /** Where the page begins: what the page before gave as its next. Default: with the newest. */
        public Builder after(String next) {
            this.after = Position.of(next);
            return this;
        }

        /** The query, checked. */
        public RunQuery build() {
            return new RunQuery(
                    project,
                    workflowName,
                    states,
                    trigger,
                    target,
                    deliveryId,
                    parentRunId,
                    errorCategory,
                    from,
                    to,
                    reasonContains,
                    limit,
                    after);
        }
    }
}
