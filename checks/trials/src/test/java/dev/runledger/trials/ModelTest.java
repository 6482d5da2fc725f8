package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.store.RunStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random sequences of calls return and leave in the database what they do in memory. */
class ModelTest {
    private static final long SEED = Long.getLong("ledger.seed", 20_261_121);

    @TempDir
    private Path folder;

    private long calls;

    @ParameterizedTest
    @EnumSource(Database.class)
    void everySequenceOfCallsDoesWhatItDoesInMemory(Database database) {
        int sequences = database == Database.SQLITE ? Rounds.of(300, 10_000) : Rounds.of(30, 1_000);
        try (TestStore bench = TestStore.open(database, folder)) {
            for (int i = 0; i < sequences; i++) {
                ModelCalls sequence = new ModelCalls("m", SEED + i);
                assertThatBothDoTheSame(sequence, SEED + i, bench.store());
            }
        }
        System.out.printf(
                "model, %s: %d sequences, %d calls, seeds from %d, 0 divergences%n", database, sequences, calls, SEED);
    }

    private void assertThatBothDoTheSame(ModelCalls sequence, long seed, RunStore store) {
        AtomicLong now = new AtomicLong(1_767_225_600_000L);
        InstantSource ticking = () -> Instant.ofEpochMilli(now.getAndIncrement());
        RunStore model = RunStore.inMemory(ticking, 10_000);
        StringBuilder log = new StringBuilder();
        for (ModelCalls.Call call : sequence.calls) {
            calls++;
            log.append(call.text()).append('\n');
            String expected = call.on(model);
            assertThat(answer(call, store))
                    .as("seed %d, the last of these calls:%n%s", seed, log)
                    .isEqualTo(expected);
            log.append("    ").append(expected).append('\n');
        }
        List<String> expected = kept(sequence, model);
        List<String> kept = kept(sequence, store);
        for (int i = 0; i < Math.min(kept.size(), expected.size()); i++) {
            assertThat(kept.get(i))
                    .as("seed %d, row %d after these calls:%n%s", seed, i, log)
                    .isEqualTo(expected.get(i));
        }
        assertThat(kept).as("seed %d, after these calls:%n%s", seed, log).isEqualTo(expected);
    }

    private static String answer(ModelCalls.Call call, RunStore store) {
        try {
            return call.on(store);
        } catch (RuntimeException thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            return trace.toString();
        }
    }

    private static List<String> kept(ModelCalls sequence, RunStore store) {
        return Shown.of(store.history(), sequence.project, sequence.runs, sequence.tasks, sequence.keys);
    }
}
