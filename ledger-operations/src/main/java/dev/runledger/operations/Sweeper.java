package dev.runledger.operations;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.Maintenance;
import dev.runledger.failure.Failure;
import dev.runledger.operations.RunPolicy.ChildFailure;
import dev.runledger.operations.RunPolicy.Interrupted;
import dev.runledger.operations.Tally.Action;
import dev.runledger.run.Recovery;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.LeaseStore;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.RecoveryStore.Found;
import dev.runledger.store.RecoveryStore.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds runs that nobody works on, and does what their policies say. Each change is for the version that was found, so that a run which
 * changes meanwhile stays as it is, whoever else sweeps.
 */
final class Sweeper {
    private static final int PART = 100;

    private final Ledger ledger;
    private final Maintenance maintenance;
    private final LeaseStore leases;
    private final RecoveryStore store;
    private final Policies policies;
    private final Heartbeat heartbeat;
    private final Tally tally;
    private final Trouble trouble;
    private final Offers offers;

    Sweeper(Ledger ledger, Policies policies, Heartbeat heartbeat, Tally tally, Trouble trouble) {
        this.ledger = ledger;
        this.maintenance = ledger.maintenance();
        this.leases = maintenance.port(LeaseStore.class);
        this.store = maintenance.port(RecoveryStore.class);
        this.policies = policies;
        this.heartbeat = heartbeat;
        this.tally = tally;
        this.trouble = trouble;
        this.offers = new Offers();
    }

    /** Makes one pass, one at a time. What fails in one step leaves the others as they are. */
    synchronized void sweep(Job.Permit permit) {
        List<Runnable> steps = List.of(
                () -> lost(permit),
                () -> unclaimed(permit),
                () -> outOfTime(permit),
                () -> overdue(permit),
                () -> childrenEnded(permit),
                () -> parentCancelled(permit));
        for (Runnable step : steps) {
            if (!permit.mayGoOn()) {
                return;
            }
            try {
                step.run();
            } catch (RuntimeException | Error failed) {
                trouble.note("sweeper", failed);
            }
        }
        tally.sweeps.increment();
    }

    // ---- lost processes

    private void lost(Job.Permit permit) {
        if (!heartbeat.canJudge()) {
            return;
        }
        for (String instance : leases.lostInstances()) {
            if (!instance.equals(ledger.instance()) && permit.mayGoOn()) {
                boolean all = eachOf(instance, permit, run -> {
                    String why = "its process %s sends no heartbeat".formatted(instance);
                    Failure failure = Failure.of("worker lost: " + why, Failure.Category.WORKER_LOST);
                    boolean again =
                            run.execution() < policies.of(run.workflowName()).executions();
                    interrupt(run, Recovery.WORKER_LOST, again, why, failure);
                });
                if (all) {
                    leases.removeInstance(instance);
                    tally.lostInstances.increment();
                }
            }
        }
    }

    /** Fails or requeues the runs that this process has, since it ends. */
    void shutDown() {
        boolean ignored = eachOf(ledger.instance(), () -> true, run -> {
            String why = "its process %s shuts down".formatted(ledger.instance());
            boolean again = policies.of(run.workflowName()).atShutdown() == Interrupted.REQUEUE;
            interrupt(run, Recovery.SHUTDOWN, again, why, Failure.of("shutdown: " + why, Failure.Category.WORKER_LOST));
        });
    }

    private void interrupt(WorkflowRun run, Recovery recovery, boolean again, String why, Failure failure) {
        CallOptions options = options(run, recovery);
        if (again) {
            count(recovery, Action.REQUEUED, ledger.requeue(run.id(), why, options));
        } else {
            count(recovery, Action.FAILED, ledger.fail(run.id(), failure, options));
        }
    }

    // ---- runs that wait for a worker

    private void unclaimed(Job.Permit permit) {
        Duration least =
                policies.shortest(policy -> Optional.of(policy.offerAfter())).orElseThrow();
        Duration limit = policies.shortest(RunPolicy::queuedAtMost).orElse(least);
        each(Kind.UNCLAIMED, limit.compareTo(least) < 0 ? limit : least, permit, found -> {
            WorkflowRun run = found.run();
            RunPolicy policy = policies.of(run.workflowName());
            if (run.state() == RunState.QUEUED && isOver(policy.queuedAtMost(), found.age())) {
                String why = "never started: it was queued for %s s, and may be for %s s"
                        .formatted(
                                found.age().toSeconds(),
                                policy.queuedAtMost().orElseThrow().toSeconds());
                fail(run, Recovery.NEVER_STARTED, why);
            } else if (offers.isDue(run, found.age(), policy.offerAfter())) {
                offer(run);
            }
        });
        offers.forgetOthers();
    }

    private void offer(WorkflowRun run) {
        try {
            if (maintenance.offer(run.id())) {
                tally.offered.increment();
            }
        } catch (RuntimeException refused) {
            offers.refused(run);
            throw refused;
        }
    }

    private void outOfTime(Job.Permit permit) {
        policies.shortest(RunPolicy::runningAtMost)
                .ifPresent(least -> each(Kind.RUNNING, least, permit, found -> {
                    Optional<Duration> limit =
                            policies.of(found.run().workflowName()).runningAtMost();
                    if (isOver(limit, found.age())) {
                        String why = "out of time: it was running for %s s, and may be for %s s"
                                .formatted(
                                        found.age().toSeconds(),
                                        limit.orElseThrow().toSeconds());
                        fail(found.run(), Recovery.OUT_OF_TIME, why);
                    }
                }));
    }

    private static boolean isOver(Optional<Duration> limit, Duration age) {
        return limit.filter(time -> age.compareTo(time) >= 0).isPresent();
    }

    private void fail(WorkflowRun run, Recovery recovery, String why) {
        Failure failure = Failure.of(why, Failure.Category.TIMEOUT);
        count(recovery, Action.FAILED, ledger.fail(run.id(), failure, options(run, recovery)));
    }

    // ---- waits

    private void overdue(Job.Permit permit) {
        each(Kind.OVERDUE, Duration.ZERO, permit, found -> {
            WorkflowRun run = found.run();
            Wait wait = run.latestWait().orElseThrow();
            String why = "the deadline of its wait for %s passed"
                    .formatted(wait.code().code());
            switch (wait.onDeadline()) {
                case REPORT -> {
                    if (maintenance.reportOverdue(run, found.age())) {
                        tally.overdue.increment();
                    }
                }
                case FAIL -> fail(run, Recovery.DEADLINE, why);
                case CANCEL ->
                    count(
                            Recovery.DEADLINE,
                            Action.CANCELLED,
                            ledger.cancel(run.id(), why, options(run, Recovery.DEADLINE)));
                case RESUME -> {
                    Resumption resumption = wait.decisionAtDeadline()
                            .map(Resumption.of()::decision)
                            .orElseGet(Resumption::of);
                    count(
                            Recovery.DEADLINE,
                            Action.RESUMED,
                            ledger.resume(run.id(), resumption, options(run, Recovery.DEADLINE)));
                }
            }
        });
    }

    // ---- parents and children

    private void childrenEnded(Job.Permit permit) {
        if (!policies.any(policy -> policy.endsWithChildren().isPresent())) {
            return;
        }
        each(
                Kind.CHILDREN_ENDED,
                Duration.ZERO,
                permit,
                found -> policies.of(found.run().workflowName())
                        .endsWithChildren()
                        .ifPresent(otherwise -> endWithChildren(found.run(), otherwise)));
    }

    private void endWithChildren(WorkflowRun run, ChildFailure otherwise) {
        Recovery recovery = Recovery.CHILDREN_ENDED;
        List<WorkflowRun> children = ledger.history().children(run.id());
        if (children.isEmpty()) { // they were removed, and nobody knows how they ended
            return;
        }
        Optional<WorkflowRun> undone = children.stream()
                .filter(child -> child.state() != RunState.SUCCEEDED)
                .findFirst();
        if (undone.isEmpty()) {
            count(recovery, Action.SUCCEEDED, ledger.succeed(run.id(), options(run, recovery)));
            return;
        }
        String why = "child %s is %s%s"
                .formatted(
                        undone.get().id(),
                        undone.get().state(),
                        undone.get().reason().map(reason -> ": " + reason).orElse(""));
        if (otherwise == ChildFailure.INCOMPLETE) {
            count(recovery, Action.INCOMPLETE, ledger.incomplete(run.id(), why, options(run, recovery)));
        } else {
            Failure.Category category =
                    undone.get().failure().map(Failure::category).orElse(Failure.Category.UNKNOWN);
            count(recovery, Action.FAILED, ledger.fail(run.id(), Failure.of(why, category), options(run, recovery)));
        }
    }

    private void parentCancelled(Job.Permit permit) {
        if (!policies.any(RunPolicy::isCancelledWithParent)) {
            return;
        }
        each(Kind.PARENT_CANCELLED, Duration.ZERO, permit, found -> {
            WorkflowRun run = found.run();
            if (policies.of(run.workflowName()).isCancelledWithParent()) {
                String parent = run.request().parentRunId().map(RunId::value).orElse("");
                count(
                        Recovery.PARENT_CANCELLED,
                        Action.CANCELLED,
                        ledger.cancel(
                                run.id(),
                                "its parent %s was cancelled".formatted(parent),
                                options(run, Recovery.PARENT_CANCELLED)));
            }
        });
    }

    // ---- all of them

    /** The run may have changed since it was found: then the call is rejected. */
    private static CallOptions options(WorkflowRun run, Recovery recovery) {
        CallOptions options = CallOptions.expectedSeq(run.seq()).withRecovered(recovery);
        return run.claimToken().map(options::withExpectedClaim).orElse(options);
    }

    private void count(Recovery recovery, Action action, Transition transition) {
        tally.count(recovery, transition.isApplied() ? action : Action.REJECTED);
    }

    /** Does something with a run. */
    @FunctionalInterface
    private interface Step<T> {
        void with(T found);
    }

    private void each(Kind kind, Duration age, Job.Permit permit, Step<Found> step) {
        boolean ignored = eachOfAll(
                after -> store.find(kind, age, after, PART),
                found -> found.run().id(),
                permit,
                step);
    }

    /** Returns whether the step was done with all runs of a process. */
    private boolean eachOf(String instance, Job.Permit permit, Step<WorkflowRun> step) {
        return eachOfAll(after -> store.runsOf(instance, after, PART), WorkflowRun::id, permit, step);
    }

    /** Does a step with everything, part by part, and returns whether all of it went well. One that fails leaves the others as they are. */
    private <T> boolean eachOfAll(
            Function<Optional<RunId>, List<T>> read, Function<T, RunId> id, Job.Permit permit, Step<T> step) {
        Optional<RunId> after = Optional.empty();
        boolean well = true;
        while (true) {
            List<T> part = read.apply(after);
            for (T found : part) {
                try {
                    step.with(found);
                } catch (RuntimeException failed) {
                    trouble.note("sweeper", failed);
                    well = false;
                }
            }
            if (part.size() < PART) {
                return well;
            }
            after = Optional.of(id.apply(part.get(part.size() - 1)));
            if (!permit.mayGoOn()) {
                return false;
            }
        }
    }
}
