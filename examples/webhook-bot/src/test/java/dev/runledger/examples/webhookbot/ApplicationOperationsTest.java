package dev.runledger.examples.webhookbot;

import dev.runledger.Ledger;
import dev.runledger.testkit.OperationsContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The bot leaves no run stuck: started as it is in production, only with a shorter pause between two sweeps. */
class ApplicationOperationsTest extends OperationsContract {
    @TempDir
    private Path folder;

    private RunDatabase database;
    private Application bot;

    @BeforeEach
    void start() throws Exception {
        Options options =
                Options.parse(List.of("--db", folder.resolve("runs.db").toString(), "--lost-after", "1"), null);
        database = RunDatabase.open(options.runs().database());
        bot = Application.start(options, database, System.err);
        bot.workers().start();
    }

    @AfterEach
    void stop() {
        bot.close();
        database.close();
    }

    @Override
    protected Ledger ledger() {
        return bot.ledger();
    }
}
