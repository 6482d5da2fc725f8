package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.run.CallOutcome;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random batches of calls do what the same calls do in memory, one after the other, in the order in which the store hands over their
 * outcomes. The calls of a batch meet: they are about few runs, guards, deliveries and keys.
 */
class BatchModelTest {
    private static final long SEED = Long.getLong("ledger.seed", 20_261_126);
    private static final int SEQUENCES = 4;
    private static final int MOST_IN_A_BATCH = 16;

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final StringBuilder log = new StringBuilder();
    private RunStore store;
    private RunStore model;
    private long seed = SEED;
    private int batches;
    private long calls;

    @ParameterizedTest
    @EnumSource
    void everyBatchOfCallsDoesWhatItsCallsDoInMemory(Database database) {
        int wanted = Rounds.of(300, 10_000);
        try (TestStore bench = TestStore.open(database, folder)) {
            store = bench.store();
            while (batches < wanted) {
                sequencesTogether();
            }
        }
        System.out.printf("batches on %s: %d of %d calls, seed %d, 0 divergences%n", database, batches, calls, SEED);
    }

    /** Makes the calls of some sequences in batches, of which each takes calls from any of them in their order. */
    private void sequencesTogether() {
        AtomicLong now = new AtomicLong(1_767_225_600_000L);
        InstantSource ticking = () -> Instant.ofEpochMilli(now.getAndIncrement());
        model = RunStore.inMemory(ticking, 10_000);
        log.setLength(0);
        List<ModelCalls> sequences = new ArrayList<>();
        List<Deque<ModelCalls.Call>> waiting = new ArrayList<>();
        for (int i = 0; i < SEQUENCES; i++) {
            ModelCalls sequence = new ModelCalls("b", seed++);
            sequences.add(sequence);
            waiting.add(new ArrayDeque<>(sequence.calls));
        }
        while (!waiting.isEmpty()) {
            List<StoreCommand<CallOutcome>> batch = new ArrayList<>();
            int size = 1 + random.nextInt(MOST_IN_A_BATCH);
            while (batch.size() < size && !waiting.isEmpty()) {
                Deque<ModelCalls.Call> some = waiting.get(random.nextInt(waiting.size()));
                batch.add(asAny(some.remove().command()));
                waiting.removeIf(Deque::isEmpty);
            }
            make(batch);
        }
        for (ModelCalls sequence : sequences) {
            assertThat(kept(sequence, store)).as("after:%n%s", log).isEqualTo(kept(sequence, model));
        }
    }

    @SuppressWarnings("unchecked") // every outcome is a CallOutcome
    private static StoreCommand<CallOutcome> asAny(StoreCommand<?> command) {
        return (StoreCommand<CallOutcome>) command;
    }

    private void make(List<StoreCommand<CallOutcome>> batch) {
        batches++;
        log.append("a batch of ").append(batch.size()).append('\n');
        List<StoreCommand<CallOutcome>> made = new ArrayList<>();
        store.applyAll(batch, (command, outcome) -> {
            calls++;
            made.add(command);
            log.append(new ModelCalls.Call(command).text()).append('\n');
            String expected = Shown.of(model.apply(command));
            assertThat(Shown.of(outcome)).as("the last of these:%n%s", log).isEqualTo(expected);
            log.append("    ").append(expected).append('\n');
        });
        assertThat(made).containsExactlyInAnyOrderElementsOf(batch);
    }

    /** Returns what is stored. The runs of a page are in no order: those of one statement can be of one microsecond. */
    private static List<String> kept(ModelCalls sequence, RunStore of) {
        List<String> kept =
                new ArrayList<>(Shown.of(of.history(), sequence.project, sequence.runs, sequence.tasks, sequence.keys));
        List<String> page =
                kept.stream().filter(line -> line.startsWith("page: ")).sorted().toList();
        kept.removeAll(page);
        kept.addAll(page);
        return kept;
    }
}
