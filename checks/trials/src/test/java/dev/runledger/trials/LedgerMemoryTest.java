package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.Slf4jSink;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger holds no object of a run that is over, and none of one that waits in the store. */
class LedgerMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void nothingOfARunIsReachableFromTheLedger() throws Exception {
        try (JdbiRunStore store = JdbiRunStore.sqlite(folder.resolve("runs.db"));
                Ledger ledger = Ledger.builder()
                        .store(store)
                        .sink(Slf4jSink.jsonMessage())
                        .queue(run -> {})
                        .build()) {
            List<WeakReference<Object>> held = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                live(ledger, held);
            }
            assertThat(stillReachable(held)).isZero();
            assertThat(ledger.calls()).as("the ledger itself is").isNotEmpty();
        }
    }

    private static void live(Ledger ledger, List<WeakReference<Object>> held) {
        RunId id = RunId.of(UUID.randomUUID().toString());
        held.add(new WeakReference<>(id));
        NewRun run = NewRun.of("review").id(id).target("t-" + id);
        held.add(new WeakReference<>(run));
        WorkflowRun queued = ledger.dispatch(run).orElseThrow();
        held.add(new WeakReference<>(queued));
        assertThat(ledger.dispatch(run)).isInstanceOf(Dispatch.AlreadyQueued.class);
        WorkflowRun end = ledger.execute(id, "worker-1", scope -> {
                    scope.task(NewTask.of("fetch"), task -> 1);
                    return RunOutcome.succeeded();
                })
                .orElseThrow();
        held.add(new WeakReference<>(end));
        ledger.cancel(id, "too late", CallOptions.idempotencyKey("x-" + id));
        ledger.dispatch(NewRun.of("review").target("w-" + id)).orElseThrow();
    }

    /** Counts what is still reachable. The collector is asked a few times, since it promises nothing. */
    private static long stillReachable(List<WeakReference<Object>> held) throws InterruptedException {
        long reachable = held.size();
        for (int i = 0; i < 20 && reachable > 0; i++) {
            System.gc();
            Thread.sleep(20);
            reachable = held.stream().filter(each -> each.get() != null).count();
        }
        return reachable;
    }
}
