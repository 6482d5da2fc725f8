package com.example.imports;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.RunScope;
import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunQuery;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Loads the files of customers into the warehouse. The ledger keeps the runs; this class has no table. */
public final class Imports {
    /** What the workflow is called. */
    public static final String WORKFLOW = "import";

    private static final int MOST_ROWS_WITHOUT_APPROVAL = 3;
    private static final Duration PATIENCE = Duration.ofDays(2);
    private static final NewTask DOWNLOAD = NewTask.of("download", NewTask.Kind.ADAPTER)
            .instrument("sftp")
            .retry(RetryPolicy.upTo(3, Duration.ofSeconds(30)));
    private static final NewTask LOAD = NewTask.of("load").retry(RetryPolicy.none());

    private final Ledger ledger;
    private final Source source;
    private final Warehouse warehouse;
    private final InstantSource clock;

    /** A service on this ledger. */
    public Imports(Ledger ledger, Source source, Warehouse warehouse, InstantSource clock) {
        this.ledger = ledger;
        this.source = source;
        this.warehouse = warehouse;
        this.clock = clock;
    }

    // ---- orders

    /** Orders the import of a file, of which one at a time may be under way. */
    public Dispatch order(String file, String customer) {
        if (!file.endsWith(".csv") && !file.endsWith(".zip")) {
            throw new IllegalArgumentException("file is '%s', expected .csv or .zip".formatted(file));
        }
        NewRun run = NewRun.of(WORKFLOW).target(file);
        EventFields fields = EventFields.of().put("customer", customer);
        return ledger.dispatch(run, CallOptions.customFields(fields));
    }

    /** Orders the report of a month, once, however often the scheduler asks for it. Reports are in nobody's way. */
    public Dispatch orderReport(String month) {
        return ledger.dispatch(NewRun.of("report").id(RunId.of("report-" + month)));
    }

    /** Orders what a form asks for; the form is kept with the run. */
    public Dispatch orderByForm(String file, String form) {
        Trigger trigger = Trigger.of("form").payload(Payload.json(form));
        return ledger.dispatch(NewRun.of(WORKFLOW).target(file).trigger(trigger));
    }

    /** Orders every file of a folder, which may well be empty. */
    public void sweep(List<String> files) {
        if (files.isEmpty()) {
            return;
        }
        for (String file : files) {
            Dispatch unused = order(file, null);
        }
    }

    /** Cancels what nobody has begun. */
    public void cancelAll(String reason) {
        List<WorkflowRun> queued = ledger.history()
                .page(RunQuery.builder().states(RunState.QUEUED).build())
                .runs();
        for (WorkflowRun run : queued) {
            Transition unused = ledger.cancel(run.id(), reason);
        }
    }

    // ---- work

    /** Does what is to be done for a run: all of it, or all up to a decision that somebody has to make, or from there on. */
    public Transition work(RunId id, String worker) throws IOException {
        return ledger.execute(id, worker, this::load);
    }

    private RunOutcome load(RunScope run) throws IOException {
        Optional<Resumption> decided = run.run().resumption();
        if (decided.isPresent() && !decided.get().decision().equals(Optional.of("approved"))) {
            return RunOutcome.incomplete("not approved");
        }
        String file = run.target().orElseThrow().value();
        if (file.endsWith(".zip")) {
            NewRun content = NewRun.of(WORKFLOW).target(file.replace(".zip", ".csv"));
            return RunOutcome.handedOff(content);
        }
        List<String> rows = Attempts.of(run, DOWNLOAD, task -> source.rows(file));
        if (rows.isEmpty()) {
            return RunOutcome.failed(Failure.of("no header", Failure.Category.SCHEMA));
        }
        int count = rows.size() - 1;
        if (count > MOST_ROWS_WITHOUT_APPROVAL && decided.isEmpty()) {
            return RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)
                    .reason(count + " rows")
                    .until(clock.instant().plus(PATIENCE), Wait.OnDeadline.CANCEL)
                    .correlationKey(file));
        }
        Attempts.of(run, LOAD, task -> {
            for (int i = 1; i <= count; i++) {
                warehouse.add(rows.get(i));
                task.progress("rows", i, count);
            }
            return count;
        });
        return RunOutcome.succeeded();
    }

    // ---- decisions

    /** Somebody decides about a file with many rows. */
    public Transition decide(RunId id, boolean approved, String actor) {
        String decision = approved ? "approved" : "rejected";
        return ledger.resume(id, Resumption.of(decision, actor));
    }

    /** An archive is done when its content is. */
    public Transition contentLoaded(RunId archive) {
        return ledger.succeed(archive);
    }
}
