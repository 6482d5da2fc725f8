package dev.runledger.trials;

import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application is killed with SIGKILL while eight of its threads write. */
class KilledHostTest {
    @TempDir
    private Path folder;

    @Test
    void postgresKeepsEveryTransitionThatAKilledProcessAcknowledged() {
        KilledHosts.kill(StoreProfile.POSTGRESQL, Servers.newest().newDatabase(), Rounds.of(3, 100));
    }

    @Test
    void aSqliteFileKeepsEveryTransitionThatAKilledProcessAcknowledged() {
        KilledHosts.kill(StoreProfile.SQLITE_PATH, "jdbc:sqlite:" + folder.resolve("runs.db"), Rounds.of(3, 100));
    }
}
