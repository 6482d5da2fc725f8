package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.operations.RunPolicy.Interrupted;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of an application with operations, whose workers look for QUEUED runs and execute them. Prints what it began and what
 * became of it.
 */
final class OperatingHost {
    /** The workflow whose runs last until a file is there. */
    static final String LONG = "long";

    /** For how long an instance of these trials may be silent. */
    static final Duration LOST_AFTER = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration WORK = Duration.ofMillis(30);

    private final Ledger ledger;
    private final Path gate;

    private OperatingHost(Ledger ledger, Path gate) {
        this.ledger = ledger;
        this.gate = gate;
    }

    /** Takes a {@link StoreProfile}, a URL, how many workers, and the file that the long runs wait for. */
    public static void main(String[] args) {
        Ledger ledger = Ledgers.silent(StoreProfile.valueOf(args[0]).open(args[1]));
        OperatingHost host = new OperatingHost(ledger, Path.of(args[3]));
        Operations operations = operations(ledger, 1_000).start();
        System.out.println("instance " + ledger.instance());
        Runtime.getRuntime().addShutdownHook(new Thread(operations::close));
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            new Thread(host::work, "worker-" + i).start();
        }
    }

    /** Builds operations as all processes of a trial have them. */
    static Operations operations(Ledger ledger, int executions) {
        return Operations.builder(ledger)
                .policy(RunPolicy.defaults().executions(executions).atShutdown(Interrupted.REQUEUE))
                .policy(LONG, RunPolicy.defaults())
                .lostAfter(LOST_AFTER)
                .sweepEvery(Duration.ofSeconds(1))
                .build();
    }

    private void work() {
        while (true) {
            try {
                if (!next()) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (RuntimeException failed) { // the database is busy, or another worker was faster
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private boolean next() {
        RunHistory.Page queued = ledger.history()
                .page(RunQuery.builder().states(RunState.QUEUED).limit(50).build());
        List<WorkflowRun> runs = queued.runs();
        if (runs.isEmpty()) {
            return false;
        }
        execute(runs.get(ThreadLocalRandom.current().nextInt(runs.size())));
        return true;
    }

    private void execute(WorkflowRun run) {
        RunId id = run.id();
        AtomicBoolean begun = new AtomicBoolean();
        Transition end = ledger.execute(id, Thread.currentThread().getName(), scope -> {
            begun.set(true);
            System.out.println("begun " + id);
            if (run.workflowName().equals(LONG)) {
                while (!Files.exists(gate)) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
            LockSupport.parkNanos(WORK.toNanos());
            return RunOutcome.succeeded();
        });
        if (begun.get()) { // else another worker was faster
            System.out.println("ended " + id + ' ' + end.result());
        }
    }
}
