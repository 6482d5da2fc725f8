package dev.runledger.operations;

import dev.runledger.Ledger;
import dev.runledger.Maintenance;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.operations.Operations.Erased;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RetentionStore;
import dev.runledger.store.RetentionStore.Expired;
import dev.runledger.store.RetentionStore.Removed;
import dev.runledger.store.RetentionStore.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Removes ended runs, in small transactions, and the bodies that only they had. */
final class Retention {
    private static final int CHAINS = 100;
    private static final int MOST = 100;
    private static final Duration PACE = Duration.ofMillis(25); // for one transaction, so that it delays nobody
    private static final Duration OLD = Duration.ofDays(30);

    private final Ledger ledger;
    private final Maintenance maintenance;
    private final RetentionStore store;
    private final Policies policies;
    private final Optional<Duration> refusals;
    private final Tally tally;
    private volatile int batch = 20; // of a pass and of an erasure

    Retention(Ledger ledger, Policies policies, Optional<Duration> refusals, Tally tally) {
        this.ledger = ledger;
        this.maintenance = ledger.maintenance();
        this.store = maintenance.port(RetentionStore.class);
        this.policies = policies;
        this.refusals = refusals;
        this.tally = tally;
    }

    /** Returns whether any policy removes anything. */
    boolean isOn() {
        return policies.any(policy -> !policy.kept().isEmpty());
    }

    /** Returns whether there are runs that ended long ago. */
    boolean isNeeded() {
        Set<RunState> ends = EnumSet.allOf(RunState.class);
        ends.removeIf(end -> !end.isTerminal());
        Expired old = store.expired(new Rule(Optional.empty(), Set.of(), ends, OLD), Optional.empty(), 1);
        return !old.chains().isEmpty() || old.next().isPresent();
    }

    /** Makes one pass. */
    void pass(Job.Permit permit) {
        policies.own().forEach((workflow, policy) -> pass(policy, Optional.of(workflow), Set.of(), permit));
        pass(policies.others(), Optional.empty(), policies.named(), permit);
        refusals.ifPresent(age -> {
            int removed = MOST;
            while (removed == MOST && permit.mayGoOn()) {
                removed = store.removeRefusals(age, MOST);
                tally.removedRefusals.add(removed);
            }
        });
    }

    private void pass(RunPolicy policy, Optional<String> workflow, Set<String> except, Job.Permit permit) {
        policy.endsByTime().forEach((time, ends) -> {
            Rule rule = new Rule(workflow, except, ends, time);
            Optional<String> after = Optional.empty();
            boolean more = permit.mayGoOn();
            while (more) {
                Expired expired = store.expired(rule, after, CHAINS);
                List<RunId> runs =
                        expired.chains().stream().flatMap(List::stream).toList();
                boolean all = remove(runs, store::remove, permit);
                after = expired.next();
                more = all && after.isPresent();
            }
        });
    }

    /** Removes runs, as many at once as keep the pace, and returns whether it removed all. */
    private boolean remove(List<RunId> runs, Function<List<RunId>, Removed> removal, Job.Permit permit) {
        int from = 0;
        while (from < runs.size()) {
            if (!permit.mayGoOn()) {
                return false;
            }
            int to = Math.min(from + batch, runs.size());
            Instant before = Instant.now();
            long begun = System.nanoTime();
            Removed removed = removal.apply(runs.subList(from, to));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            batch = took.compareTo(PACE) > 0 ? Math.max(1, batch / 2) : Math.min(MOST, batch + 5);
            tally.removedRuns.add(removed.runs());
            tally.removedEvents.add(removed.events());
            removePayloads(removed.references(), before);
            from = to;
        }
        return true;
    }

    /** A body that another run brought as well stays for that. */
    private void removePayloads(Collection<String> references, Instant before) {
        if (references.isEmpty()) {
            return;
        }
        Set<String> unused = new HashSet<>(references);
        unused.removeAll(store.referenced(references));
        for (String reference : unused) {
            if (maintenance.removePayload(reference, before)) {
                tally.removedPayloads.increment();
            }
        }
    }

    /** Removes every ended run that passes the filters of the query, and what would outlive it. */
    Erased erase(RunQuery query) {
        List<RunId> inFlight = new ArrayList<>();
        int erased = 0;
        Optional<RunQuery> next = Optional.of(query);
        while (next.isPresent()) {
            RunHistory.Page page = ledger.history().page(next.get());
            List<RunId> ended = new ArrayList<>();
            for (WorkflowRun run : page.runs()) {
                (run.state().isTerminal() ? ended : inFlight).add(run.id());
            }
            boolean all = remove(ended, store::erase, () -> true);
            erased += all ? ended.size() : 0;
            next = page.next().isPresent() ? Optional.of(next.get().after(page)) : Optional.empty();
        }
        return new Erased(erased, inFlight);
    }
}
