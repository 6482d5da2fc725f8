package dev.runledger.operations;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The policies of all workflows.
 *
 * @param others the policy of the workflows that have none of their own
 * @param own the policies of the others, by the name of the workflow
 */
record Policies(RunPolicy others, Map<String, RunPolicy> own) {
    Policies {
        own = Map.copyOf(own);
    }

    RunPolicy of(String workflowName) {
        return own.getOrDefault(workflowName, others);
    }

    Set<String> named() {
        return own.keySet();
    }

    private Stream<RunPolicy> all() {
        return Stream.concat(Stream.of(others), own.values().stream());
    }

    boolean any(Predicate<RunPolicy> test) {
        return all().anyMatch(test);
    }

    /** Returns the shortest of these times; empty if no policy has one. */
    Optional<Duration> shortest(Function<RunPolicy, Optional<Duration>> time) {
        return all().map(time).flatMap(Optional::stream).min(Duration::compareTo);
    }
}
