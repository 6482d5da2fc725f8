package dev.runledger.jdbi;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.jdbi.Session.Call;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunChange;
import dev.runledger.history.RunHistory;
import dev.runledger.store.RunStore;
import dev.runledger.store.TaskChange;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A store on the connections of one session: those of its own, or the one of a host's transaction. */
record SessionStore(Session session, Writer writer, Reader reader) implements RunStore {
    @Override
    public Dispatch dispatch(NewRun run, @Nullable String transitionId, @Nullable EventFields extra) {
        RunId id = Objects.requireNonNull(run.id(), "run.id");
        String callId = newCallId();
        return session.write(
                new Call("dispatch", id.value()),
                (handle, attempt) -> writer.dispatch(handle, run, transitionId, callId, extra));
    }

    @Override
    public Transition apply(Change change) {
        String callId = newCallId();
        return session.write(
                new Call(change.command().call(), change.runId().value()),
                (handle, attempt) -> writer.apply(handle, change, callId));
    }

    @Override
    public Transition claim(RunId runId, String worker) {
        return session.write(
                new Call("claim", runId.value()), (handle, attempt) -> writer.claim(handle, runId, worker, attempt));
    }

    @Override
    public TaskTransition apply(TaskChange change) {
        String callId = newCallId();
        return session.write(
                new Call(change.event().eventName(), change.taskId().value()),
                (handle, attempt) -> writer.apply(handle, change, callId));
    }

    @Override
    public void refused(LedgerEvent event) {
        session.write(new Call("refuse", event.eventId()), (handle, attempt) -> {
            writer.refused(handle, event);
            return event;
        });
    }

    @Override
    public boolean importRun(WorkflowRun finished) {
        String callId = newCallId();
        return session.write(
                new Call("importRun", finished.id().value()),
                (handle, attempt) -> session.transaction(handle, () -> writer.importRun(handle, finished, callId)));
    }

    @Override
    public RunHistory history() {
        return new History(session, reader);
    }

    /** By this id a call knows its own event when it has to ask again. Unique in its run is enough. */
    private static String newCallId() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }
}
