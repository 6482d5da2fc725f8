package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore.Migrate;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.store.StoreException;
import dev.runledger.testkit.RecordingSink;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The key under which a database makes the digests of identities that show a secret. */
@ParameterizedClass
@MethodSource("dev.runledger.jdbi.TestDatabase#each")
class IdentityKeyTest {
    private final TestDatabase database;
    private final Jdbi jdbi;

    IdentityKeyTest(TestDatabase database) {
        this.database = database;
        this.jdbi = Jdbi.create(database.pool());
    }

    @AfterEach
    void empty() {
        for (String table : List.of(
                "run",
                "in_flight",
                "wait",
                "delivery",
                "ended",
                "payload",
                "task",
                "event",
                "refusal",
                "lease",
                "instance",
                "identity_key",
                "schema_version")) {
            jdbi.useHandle(handle -> handle.execute("DROP TABLE IF EXISTS ledger_" + table));
            jdbi.useHandle(handle -> handle.execute("DROP TABLE IF EXISTS other_" + table));
        }
    }

    private List<String> rows() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT hex FROM ledger_identity_key")
                .mapTo(String.class)
                .list());
    }

    private JdbiRunStore.Builder builder() {
        return JdbiRunStore.builder(database.pool());
    }

    @Test
    void everyStoreOnTheTablesHasTheSameKeyAndOtherTablesHaveAnother() {
        byte[] key = database.store().identityKey();
        assertThat(rows()).containsExactly(HexFormat.of().formatHex(key));
        assertThat(database.store().identityKey()).isEqualTo(key);
        assertThat(builder().tablePrefix("other_").build().identityKey())
                .hasSize(32)
                .isNotEqualTo(key);
    }

    @Test
    void ofManyStoresThatAreOpenedAtOnceOneMakesTheKey() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<byte[]>> openers = Stream.<Callable<byte[]>>generate(
                            () -> () -> database.store().identityKey())
                    .limit(8)
                    .toList();
            for (Future<byte[]> opened : threads.invokeAll(openers)) {
                assertThat(rows()).containsExactly(HexFormat.of().formatHex(opened.get()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aStoreThatOnlyValidatesMakesTheKeyAndOneThatDoesNothingMakesItWhenItIsNeeded() {
        for (Migrate migrate : List.of(Migrate.VALIDATE, Migrate.NONE)) {
            database.store();
            jdbi.useHandle(handle -> handle.execute("DELETE FROM ledger_identity_key"));
            JdbiRunStore store = builder().migrate(migrate).build();
            assertThat(rows()).hasSize(migrate == Migrate.VALIDATE ? 1 : 0);
            byte[] key = store.identityKey();
            assertThat(rows()).containsExactly(HexFormat.of().formatHex(key));
        }
    }

    @Test
    void aRowThatWasChangedByHandIsNamed() {
        database.store();
        jdbi.useHandle(handle -> handle.execute("UPDATE ledger_identity_key SET hex = 'abc'"));
        assertThatThrownBy(database::store)
                .isInstanceOf(StoreException.class)
                .hasMessage("reading the identity key: the row has 3 characters, expected 64 hexadecimal digits");
    }

    @Test
    void insideATransactionTheSameTargetHasTheSameGuard() {
        JdbiRunStore store = database.store();
        try (Ledger ledger =
                Ledger.builder().store(store).sink(new RecordingSink()).build()) {
            jdbi.useTransaction(handle -> assertThat(ledger.in(store.unit(handle))
                            .dispatch(NewRun.of("review").target("https://x/?token=A")))
                    .isInstanceOf(Dispatch.Queued.class));
            assertThat(ledger.dispatch(NewRun.of("review").target("https://x/?token=A")))
                    .isInstanceOf(Dispatch.Refused.class);
            assertThat(ledger.dispatch(NewRun.of("review").target("https://x/?token=B")))
                    .isInstanceOf(Dispatch.Queued.class);
        }
    }
}
