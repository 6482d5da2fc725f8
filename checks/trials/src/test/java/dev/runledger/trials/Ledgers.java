package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunImport;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.time.Duration;
import java.time.Instant;

/** Makes ledgers that no sink listens to, and a few calls on a store. */
final class Ledgers {
    /** Wants nothing. Without any sink, a ledger would log. */
    private static final EventSink DEAF = new EventSink() {
        @Override
        public Delivery delivery() {
            return Delivery.INLINE;
        }

        @Override
        public boolean wants(EventType type) {
            return false;
        }

        @Override
        public void accept(LedgerEvent event) {}
    };

    private Ledgers() {}

    /** Returns a ledger on this store that emits nothing. */
    static Ledger silent(RunStore store) {
        return Ledger.builder().store(store).sink(DEAF).build();
    }

    /** Dispatches a run past any ledger. */
    static Dispatch dispatch(RunStore store, NewRun run) {
        return store.apply(new StoreCommand.DispatchRun(run, StoreCommand.Head.of()));
    }

    /** Imports a run past any ledger. */
    static boolean importRun(RunStore store, RunImport finished) {
        return store.apply(finished.toCommand()).isImported();
    }

    /** Returns a run that started at once at this instant and has succeeded, for an import. */
    static RunImport succeeded(NewRun run, Instant then, Duration elapsed) {
        return RunImport.of(run, then).started(then, "worker").succeeded(then.plus(elapsed));
    }
}
