package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.faults.InterceptingDataSource;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that breaks after the answer came, while it is given back to the pool. */
class GivenBackBrokenTest {
    private static final int SQLITE_BUSY = 5;

    private boolean breaks;

    @TempDir
    private Path folder;

    private final class Breaking extends InterceptingDataSource {
        Breaking(DataSource target) {
            super(target);
        }

        @Override
        protected void closed() throws SQLException {
            if (breaks) {
                throw new SQLException("broken", "08006", SQLITE_BUSY);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void theAnswerStandsAndTheCallIsMadeOnce(Database database) {
        try (TestStore bench = TestStore.open(database, folder, Breaking::new)) {
            RunId id = bench.running("review");
            breaks = true;
            Transition ended = bench.store().apply(new RunChange.Succeed(id, Head.of()));
            assertThat(bench.store().history().run(id)).isPresent();
            assertThat(bench.store()
                            .apply(new StoreCommand.DispatchRun(
                                    NewRun.of("review").id(RunId.of("r-2")), Head.of()))
                            .orElseThrow()
                            .seq())
                    .isEqualTo(1);
            breaks = false;
            assertThat(ended).isInstanceOf(Transition.Applied.class);
            assertThat(bench.count("ledger_event")).isEqualTo(4);
        }
    }
}
