package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunImport;
import dev.runledger.testkit.RecordingSink;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.sqlite.SQLiteDataSource;

/** Runs the snippets of the page on the store. */
class StorePageTest {
    @TempDir
    private Path folder;

    private final RecordingSink sink = new RecordingSink();
    private Path file;
    private DataSource dataSource;
    private JdbiRunStore store;
    private Ledger ledger;

    @BeforeEach
    void open() {
        file = folder.resolve("runs.db");
        SQLiteDataSource sqlite = new SQLiteDataSource();
        sqlite.setUrl("jdbc:sqlite:" + file);
        dataSource = sqlite;
        store = JdbiRunStore.on(dataSource);
        ledger = Ledger.builder().store(store).sink(sink).build();
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Test
    void opening() {
        // snippet
        JdbiRunStore store = JdbiRunStore.sqlite(file); // or JdbiRunStore.on(dataSource)
        Ledger ledger = Ledger.builder().store(store).sink(sink).build();
        // end
        assertThat(ledger.dispatch(NewRun.of("review")).orElseThrow().state()).isEqualTo(RunState.QUEUED);
        ledger.close();
        store.close();
    }

    @Test
    void settings() {
        JdbiRunStore.builder(dataSource).tablePrefix("bot_").build();
        // snippet
        JdbiRunStore store = JdbiRunStore.builder(dataSource)
                .tablePrefix("bot_")
                .migrate(JdbiRunStore.Migrate.VALIDATE)
                .callBudget(Duration.ofSeconds(4))
                .queryTimeout(Duration.ofSeconds(2))
                .build();
        // end
        assertThat(store.history().page(RunQuery.all()).runs()).isEmpty();
    }

    @Test
    void tables() {
        // snippet
        String sql = JdbiRunStore.migrations(Database.POSTGRESQL);
        // end
        assertThat(sql).contains("CREATE TABLE \"ledger_run\"");
    }

    @Test
    void withJdbi() {
        Jdbi jdbi = Jdbi.create(dataSource);
        jdbi.useHandle(handle -> handle.execute("CREATE TABLE orders (id text)"));
        NewRun run = NewRun.of("import");
        // snippet
        jdbi.useTransaction(handle -> {
            handle.execute("INSERT INTO orders (id) VALUES (?)", "o-1");
            ledger.in(store.unit(handle)).dispatch(run).orElseThrow();
        });
        // end
        assertThat(sink.eventNames()).containsExactly("workflow.run.queued");
    }

    @Test
    void withAPlainConnection() throws Exception {
        RunId id = ledger.dispatch(NewRun.of("import")).orElseThrow().id();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            // snippet
            try (ConnectionUnit unit = store.unit(connection)) {
                ledger.in(unit).start(id, "worker-1").orElseThrow();
                connection.commit();
                unit.committed();
            }
            // end
        }
        assertThat(sink.eventNames()).containsExactly("workflow.run.queued", "workflow.run.running");
    }

    @Test
    void withSpring() {
        RunId id = ledger.dispatch(NewRun.of("import")).orElseThrow().id();
        ledger.start(id, "worker-1").orElseThrow();
        new TransactionTemplate(new DataSourceTransactionManager(dataSource)).executeWithoutResult(status -> {
            // snippet
            ConnectionUnit unit = store.unit(DataSourceUtils.getConnection(dataSource));
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    unit.committed();
                }

                @Override
                public void afterCompletion(int status) {
                    unit.close();
                }
            });
            ledger.in(unit).succeed(id).orElseThrow();
            // end
            assertThat(sink.eventNames()).doesNotContain("workflow.run.succeeded");
        });
        assertThat(sink.eventNames()).contains("workflow.run.succeeded");
    }

    @Test
    void reading() {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        RunId id = ledger.dispatch(NewRun.of("import").project("acme"))
                .orElseThrow()
                .id();
        ledger.fail(id, Failure.of("too slow", Failure.Category.TIMEOUT)).orElseThrow();
        // snippet
        RunQuery failed = RunQuery.builder()
                .project("acme")
                .states(RunState.FAILED)
                .errorCategory(Failure.Category.TIMEOUT)
                .from(yesterday)
                .limit(50)
                .build();
        RunHistory.Page page = ledger.history().page(failed);
        // end
        assertThat(page.runs()).extracting(WorkflowRun::id).containsExactly(id);
    }

    @Test
    void importing() {
        Instant queuedAt = Instant.parse("2019-05-06T07:08:09Z");
        Instant startedAt = queuedAt.plusSeconds(1);
        Instant askedAt = queuedAt.plusSeconds(40);
        Instant approvedAt = queuedAt.plusSeconds(400);
        Instant endedAt = queuedAt.plusSeconds(500);
        Instant brokenAt = queuedAt.plusSeconds(20);
        Instant builtAt = queuedAt.plusSeconds(30);
        Failure refused = Failure.of("connection refused", Failure.Category.CONNECTIVITY);
        // snippet
        RunImport old = RunImport.of(NewRun.of("import").id(RunId.of("old-1")).target("acme/app#42"), queuedAt)
                .started(startedAt, "worker-3")
                .task(
                        NewTask.of("build").id(TaskId.of("old-1-build")),
                        startedAt,
                        attempts -> attempts.failed(brokenAt, refused)
                                .retried(brokenAt)
                                .succeeded(builtAt))
                .suspended(askedAt, Wait.of(Wait.Code.APPROVAL))
                .resumed(approvedAt, Resumption.of("approved", "ada"))
                .succeeded(endedAt);
        CallOutcome.Imported imported = ledger.importRun(old);
        // end
        assertThat(imported.isImported()).isTrue();
        assertThat(sink.events()).isEmpty();
        WorkflowRun run = ledger.history().run(RunId.of("old-1")).orElseThrow();
        assertThat(run).isEqualTo(imported.orElseThrow());
        assertThat(run.endedAt()).contains(endedAt);
        assertThat(ledger.importRun(old)).isEqualTo(new CallOutcome.Imported.AlreadyThere(run));
    }

    @Test
    void importingWhatIsInTheWay() {
        NewRun work = NewRun.of("import").target("acme/app#42");
        Instant queuedAt = Instant.parse("2019-05-06T07:08:09Z");
        RunId holder = ledger.dispatch(work).orElseThrow().id();
        CallOutcome.Imported imported = ledger.importRun(RunImport.of(work.id(RunId.of("old-2")), queuedAt));
        assertThat(((CallOutcome.Imported.Refused) imported).blocker()).contains(holder);
        CallOutcome.Imported other =
                ledger.importRun(RunImport.of(NewRun.of("review").id(holder), queuedAt));
        assertThat(((CallOutcome.Imported.Refused) other).reason()).contains("belongs to another run");
    }
}
