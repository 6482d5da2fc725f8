package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.run.NewRun;
import dev.runledger.store.RunStore;
import org.junit.jupiter.api.Test;

/** Runs that nobody set a store for are lost with the process, and the log says so. */
class DefaultStoreTest {
    @Test
    void aLedgerWithoutAStoreSaysSoOnce() {
        try (Lines log = Lines.ofMessages(Ledger.class.getName());
                Ledger ledger = Ledger.builder().sink(new Recorder()).build()) {
            ledger.dispatch(NewRun.of("review")).orElseThrow();
            ledger.dispatch(NewRun.of("review")).orElseThrow();
            assertThat(log.all())
                    .map(String::strip)
                    .containsExactly("No store was set: runs are kept in memory and are lost when the process ends");
        }
    }

    @Test
    void aLedgerWithAStoreSaysNothing() {
        try (Lines log = Lines.ofMessages(Ledger.class.getName());
                Ledger ledger = Ledger.builder()
                        .store(RunStore.inMemory())
                        .sink(new Recorder())
                        .build()) {
            ledger.dispatch(NewRun.of("review")).orElseThrow();
            assertThat(log.all()).isEmpty();
        }
    }
}
