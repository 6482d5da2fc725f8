package dev.runledger.store;

import dev.runledger.run.RunId;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Removes runs that have ended. For {@code Operations}. Thread-safe; what it throws is a {@link StoreException}.
 *
 * <p>A removed run is gone with its tasks, its events and the bodies of its payloads. Two things outlive it: the row of its end, which the
 * statistics read, and its delivery, if that may be taken once: it stays taken. {@link #erase} leaves neither.
 */
public interface RetentionStore {
    /**
     * Returns chains of which all runs ended longer ago than the rule says, those that ended first first. A chain is a run whose parent is
     * not there, and everything below it. The rule is for the first run of a chain; the others go with it, whatever their workflow and outcome are.
     *
     * @param after {@link Expired#next()} of the part before; empty for the first part
     * @param limit how many chains are looked at, at most, from 1; those that cannot go yet are left out of the result, which may be empty
     *     although there is a next part
     */
    Expired expired(Rule rule, Optional<String> after, int limit);

    /**
     * Removes runs in one transaction, in this order. One that is in flight stays.
     *
     * @return what was removed
     */
    Removed remove(List<RunId> runs);

    /**
     * Removes runs as {@link #remove} does, with their ends, which no statistics count any more, and with their deliveries, which may be taken
     * again. It finds nothing of a run that was removed before.
     */
    Removed erase(List<RunId> runs);

    /** Removes refusals that are older than this, at most so many; returns how many. */
    int removeRefusals(Duration age, int limit);

    /** Returns those of these references into a {@code PayloadStore} that a payload still has. */
    Set<String> referenced(Collection<String> references);

    /**
     * Says which ended runs may go.
     *
     * @param workflow the only workflow; empty for all but {@code except}
     * @param except workflows that have rules of their own
     * @param outcomes the states, all of them terminal
     * @param age how long ago they ended, at least
     */
    record Rule(Optional<String> workflow, Set<String> except, Set<RunState> outcomes, Duration age) {
        /** Checks the rule. */
        public Rule {
            Objects.requireNonNull(workflow, "workflow");
            except = Set.copyOf(except);
            outcomes = Set.copyOf(outcomes);
            if (outcomes.isEmpty() || !outcomes.stream().allMatch(RunState::isTerminal)) {
                throw new IllegalArgumentException(
                        "outcomes are %s, expected one or more of SUCCEEDED, INCOMPLETE, FAILED, CANCELLED"
                                .formatted(outcomes));
            }
            if (age.isNegative()) {
                throw new IllegalArgumentException("age is " + age + ", expected 0 or more");
            }
        }
    }

    /**
     * Chains that may go.
     *
     * @param chains the ids of each, children before their parents
     * @param next where to go on; empty if nothing is left to look at
     */
    record Expired(List<List<RunId>> chains, Optional<String> next) {
        /** Copies the lists. */
        public Expired {
            chains = chains.stream().map(List::copyOf).toList();
            Objects.requireNonNull(next, "next");
        }
    }

    /**
     * What was removed.
     *
     * @param runs how many runs
     * @param events how many events, of the runs and of their tasks
     * @param references the references into a {@code PayloadStore} that their payloads had
     */
    record Removed(int runs, int events, Set<String> references) {
        /** Copies the set. */
        public Removed {
            references = Set.copyOf(references);
        }
    }
}
