package dev.runledger.store;

import dev.runledger.run.RunId;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Finds the runs of a table that nobody works on, and removes those that have ended. Guarded by the lock of its store. */
final class MemoryUpkeep implements RecoveryStore, RetentionStore {
    private static final Comparator<WorkflowRun> BY_ID =
            Comparator.comparing(run -> run.id().value());
    private static final Comparator<WorkflowRun> FIRST_END_FIRST =
            Comparator.comparing((WorkflowRun run) -> run.times().changedAt()).thenComparing(BY_ID);

    private final RunTable table;
    private final Map<RunId, Long> reported = new HashMap<>(); // the versions whose waits were reported

    MemoryUpkeep(RunTable table) {
        this.table = table;
    }

    // ---- recovery

    @Override
    public List<Found> find(Kind kind, Duration age, Optional<RunId> after, int limit) {
        Instant now = table.now();
        return inFlight(after)
                .flatMap(run -> since(kind, run).stream()
                        .map(since -> new Found(run.withoutPayloads(), Duration.between(since, now))))
                .filter(found -> found.age().compareTo(age) >= 0)
                .limit(limit)
                .toList();
    }

    private Stream<WorkflowRun> inFlight(Optional<RunId> after) {
        String last = after.map(RunId::value).orElse("");
        return runs().filter(run -> run.state().isInFlight())
                .filter(run -> run.id().value().compareTo(last) > 0)
                .sorted(BY_ID);
    }

    private Stream<WorkflowRun> runs() {
        return StreamSupport.stream(table.runs().spliterator(), false).map(KeptRun::run);
    }

    /** Returns from when the age of a run of this kind counts; empty for a run of another kind. */
    private Optional<Instant> since(Kind kind, WorkflowRun run) {
        boolean running = run.state() == RunState.RUNNING;
        boolean isOfKind = switch (kind) {
            case UNCLAIMED ->
                run.state() == RunState.QUEUED || (running && run.owner().isEmpty() && !run.handedOff());
            case RUNNING -> running && run.owner().isPresent();
            case OVERDUE -> isWaiting(run) && reported.getOrDefault(run.id(), 0L) != run.seq();
            case CHILDREN_ENDED -> running && run.handedOff() && !hasChildInFlight(run.id());
            case PARENT_CANCELLED -> isOfCancelled(run);
        };
        if (!isOfKind) {
            return Optional.empty();
        }
        return kind == Kind.OVERDUE
                ? run.latestWait().flatMap(Wait::deadline).filter(deadline -> !deadline.isAfter(table.now()))
                : Optional.of(run.times().changedAt());
    }

    private static boolean isWaiting(WorkflowRun run) {
        return run.state() == RunState.SUSPENDED;
    }

    private boolean hasChildInFlight(RunId parent) {
        return table.children(parent).stream()
                .map(table::run)
                .anyMatch(child -> child != null && child.run().state().isInFlight());
    }

    private boolean isOfCancelled(WorkflowRun run) {
        @Nullable KeptRun parent = run.request().parentRunId().map(table::run).orElse(null);
        return parent != null && parent.run().state() == RunState.CANCELLED;
    }

    @Override
    public List<WorkflowRun> runsOf(String instance, Optional<RunId> after, int limit) {
        return inFlight(after)
                .filter(run -> run.state() == RunState.RUNNING)
                .filter(run -> run.instance().filter(instance::equals).isPresent())
                .limit(limit)
                .map(WorkflowRun::withoutPayloads)
                .toList();
    }

    @Override
    public boolean reportOverdue(RunId runId, long seq) {
        KeptRun kept = table.run(runId);
        if (kept == null || !isWaiting(kept.run()) || kept.run().seq() != seq) {
            return false;
        }
        Long before = reported.put(runId, seq);
        return before == null || before != seq;
    }

    // ---- retention

    @Override
    public Expired expired(Rule rule, Optional<String> after, int limit) {
        Instant until = table.now().minus(rule.age());
        List<WorkflowRun> roots = runs().filter(run -> isExpired(run, until))
                .filter(run -> run.request()
                        .parentRunId()
                        .filter(parent -> table.run(parent) != null)
                        .isEmpty())
                .filter(run -> rule.outcomes().contains(run.state()))
                .filter(run -> rule.workflow()
                        .map(run.workflowName()::equals)
                        .orElse(!rule.except().contains(run.workflowName())))
                .filter(run -> after.isEmpty() || position(run).compareTo(after.get()) > 0)
                .sorted(FIRST_END_FIRST)
                .limit(limit + 1L)
                .toList();
        List<List<RunId>> chains = new ArrayList<>();
        for (WorkflowRun root : roots.subList(0, Math.min(limit, roots.size()))) {
            List<RunId> chain = new ArrayList<>();
            if (collect(root.id(), until, chain)) {
                chains.add(chain);
            }
        }
        return new Expired(
                chains, roots.size() > limit ? Optional.of(position(roots.get(limit - 1))) : Optional.empty());
    }

    private static boolean isExpired(WorkflowRun run, Instant until) {
        return run.endedAt().filter(ended -> !ended.isAfter(until)).isPresent();
    }

    private static String position(WorkflowRun run) {
        Instant ended = run.times().changedAt();
        return String.format(Locale.ROOT, "%020d %s", ChronoUnit.MICROS.between(Instant.EPOCH, ended), run.id());
    }

    /** Collects a run and everything below it, children first; returns whether all of it is expired. */
    private boolean collect(RunId id, Instant until, List<RunId> chain) {
        KeptRun kept = table.run(id);
        if (kept == null) {
            return true;
        }
        if (!isExpired(kept.run(), until)) {
            return false;
        }
        for (RunId child : table.children(id)) {
            if (!collect(child, until, chain)) {
                return false;
            }
        }
        chain.add(id);
        return true;
    }

    @Override
    public Removed remove(List<RunId> runs) {
        return remove(runs, true);
    }

    @Override
    public Removed erase(List<RunId> runs) {
        return remove(runs, false);
    }

    private Removed remove(List<RunId> runs, boolean remembered) {
        int removed = 0;
        int events = 0;
        Set<String> references = new HashSet<>();
        for (RunId id : runs) {
            KeptRun kept = table.run(id);
            if (kept != null && kept.run().state().isTerminal()) {
                removed++;
                events += kept.events().size();
                references.addAll(references(kept));
                table.remove(kept, remembered);
            }
        }
        return new Removed(removed, events, references);
    }

    private static Set<String> references(KeptRun kept) {
        Set<String> references = new HashSet<>();
        Optional.ofNullable(kept.input())
                .filter(input -> input.startsWith(PayloadStore.REFERENCE))
                .ifPresent(references::add);
        kept.payloads().flatMap(payload -> payload.reference().stream()).forEach(references::add);
        return references;
    }

    @Override
    public int removeRefusals(Duration age, int limit) {
        return table.removeRefusals(table.now().minus(age), limit);
    }

    @Override
    public Set<String> referenced(Collection<String> references) {
        Set<String> found = new HashSet<>();
        table.runs().forEach(kept -> found.addAll(references(kept)));
        found.retainAll(references);
        return found;
    }
}
