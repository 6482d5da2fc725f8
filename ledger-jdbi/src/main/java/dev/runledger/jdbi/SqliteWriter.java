package dev.runledger.jdbi;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.TaskChange;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.Update;

/**
 * Reads the row, asks {@link Lifecycle}, and writes what it decides. Nobody else writes meanwhile, since the transaction holds the
 * file's write lock from its beginning. The clock is the application's, since the database has none that is better.
 *
 * <p>Events are read only if they can matter: for an idempotency key, the child of a hand-off, or a repetition.
 */
final class SqliteWriter extends Writer {
    private final SqliteSql sql;
    private final InstantSource clock;

    SqliteWriter(Attempt attempt, Reader reader, SqliteSql sql, InstantSource clock) {
        super(attempt, Database.SQLITE, reader, sql.common);
        this.sql = sql;
        this.clock = clock;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    // ---- runs

    @Override
    public Dispatch dispatch(StoreCommand.DispatchRun command) {
        Instant now = now();
        if (!queue(command.run(), now)) {
            return notQueued(command);
        }
        event(command.runId().value(), 1, now, values -> {
            bindQueued(values, command.runId(), command.head());
            ChangeValues.bindHead(values, command.head());
        });
        return new Dispatch.Queued(Lifecycle.queued(command.run(), now));
    }

    private boolean queue(NewRun run, Instant now) {
        Update insert = handle.createUpdate(sql.insert(run));
        Binder binder = binder(insert);
        RunColumns.bindRequest(binder, run);
        binder.instant("moment", now);
        return insert.execute() == 1;
    }

    private static void bindQueued(Binder values, RunId id, StoreCommand.Head head) {
        bindRun(values, id);
        values.text("event", WorkflowRunEvent.QUEUED.eventName())
                .text("childRunId", (String) null)
                .text("data", EventData.of(head));
    }

    private static void bindRun(Binder values, RunId id) {
        values.text("runId", id.value()).number("runSeq", null);
    }

    @Override
    public Transition change(RunChange change) {
        Optional<RunColumns.Stored> found = reader.run(handle, change.runId());
        if (found.isEmpty()) {
            return new Transition.NotFound(change.runId(), change.command());
        }
        WorkflowRun run = found.get().run();
        String id = run.id().value();
        if (change.head().idempotencyKey().isPresent() || change instanceof RunChange.HandOff) {
            Optional<Transition> stored = stored(run, reader.calls(handle, id), change);
            if (stored.isPresent()) {
                return stored.get();
            }
        }
        Instant now = now();
        Decision decision = Lifecycle.decide(run, found.get().latest(), change, now);
        if (decision instanceof Decision.Already already) {
            return already(run, reader.calls(handle, id), already.event());
        }
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(run, change.command(), no.why());
        }
        if (change instanceof RunChange.HandOff handOff && !queue(handOff.child(), now)) {
            return childRefused(run, handOff);
        }
        WorkflowRun next = ((Decision.Next) decision).run();
        store(change, next.seq(), now);
        if (next.state().isTerminal()) {
            passGuard(next.request());
        }
        return new Transition.Applied(next, child(change, now));
    }

    private void passGuard(NewRun ended) {
        if (ended.target().isEmpty()) {
            return;
        }
        Update update = handle.createUpdate(sql.passGuard);
        binder(update)
                .text("id", ended.id().orElseThrow().value())
                .text("project", ended.project())
                .text("workflow_name", ended.workflowName())
                .text("target", ended.target().map(Target::value))
                .constant("channel", ended.channel());
        update.execute();
    }

    private void store(RunChange change, long seq, Instant now) {
        Update update = handle.createUpdate(sql.change(change.command()));
        Binder binder = binder(update);
        ChangeValues.bindRow(binder, change);
        binder.instant("moment", now);
        update.execute();
        event(change.runId().value(), seq, now, values -> {
            ChangeValues.bindEvent(values, change);
            bindRun(values, change.runId());
        });
        if (change instanceof RunChange.HandOff handOff) {
            event(handOff.childId().value(), 1, now, values -> {
                bindQueued(values, handOff.childId(), change.head());
                ChangeValues.bindHead(values, change.head().idempotencyKey(null)); // the key is the parent's
            });
        }
    }

    @Override
    public Transition claim(StoreCommand.ClaimRun command) {
        Optional<RunColumns.Stored> found = reader.run(handle, command.runId());
        if (found.isEmpty()) {
            return new Transition.NotFound(command.runId(), RunCommand.START);
        }
        WorkflowRun run = found.get().run();
        Decision decision = Lifecycle.claim(run, command);
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(run, RunCommand.START, no.why());
        }
        Update update = handle.createUpdate(sql.claim);
        binder(update)
                .text("worker", command.worker())
                .text("claimToken", command.head().callId())
                .text("id", command.subject());
        update.execute();
        return new Transition.Applied(((Decision.Next) decision).run());
    }

    // ---- tasks

    @Override
    public TaskTransition change(TaskChange change) {
        Optional<TaskRun> task = reader.task(handle, change.taskId());
        Optional<RunId> runId =
                change instanceof TaskChange.Begin begin ? Optional.of(begin.runId()) : task.map(TaskRun::runId);
        Optional<WorkflowRun> holder =
                runId.flatMap(id -> reader.run(handle, id)).map(RunColumns.Stored::run);
        if (holder.isEmpty()) {
            return notFound(change);
        }
        WorkflowRun run = holder.get();
        return ofRun(task, run)
                .filter(ours -> mayBeStored(ours, change))
                .flatMap(ours -> stored(ours, run, change))
                .or(() -> rejection(task, run, change))
                .orElseGet(() -> applied(task, run, change));
    }

    private static boolean mayBeStored(TaskRun task, TaskChange change) {
        return change.head().idempotencyKey().isPresent() || Lifecycle.isRepetition(task, change);
    }

    private TaskTransition applied(Optional<TaskRun> task, WorkflowRun run, TaskChange change) {
        Instant now = now();
        TaskRun next = Lifecycle.next(task.orElse(null), change, run, now);
        Update update = handle.createUpdate(sql.change(change.kind()));
        Binder binder = binder(update);
        ChangeValues.bindRow(binder, change);
        binder.instant("moment", now);
        if (change.kind().isBegin() || change.kind() == TaskChange.Kind.RETRY) {
            binder.number("execution", (long) next.execution());
        }
        update.execute();
        event(next.id().value(), next.seq(), now, values -> {
            ChangeValues.bindEvent(values, change);
            values.text("runId", run.id().value()).number("runSeq", run.seq());
        });
        return new TaskTransition.Applied(next, run);
    }

    /** Inserts an event, whose other values this binds. */
    private void event(String subject, long seq, Instant now, Consumer<Binder> values) {
        Update insert = handle.createUpdate(sql.insertEvent);
        Binder binder = binder(insert);
        values.accept(binder);
        binder.text("subject", subject).number("seq", seq).instant("moment", now);
        insert.execute();
    }
}
