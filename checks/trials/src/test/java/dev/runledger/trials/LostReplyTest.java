package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.faults.LossyNetwork;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.state.RunState;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import dev.runledger.testkit.RecordingSink;
import dev.runledger.trials.CallKind.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server has committed the change of a call, and the connection breaks before the reply comes. */
@Timeout(300)
class LostReplyTest {
    private static final CallKind[] KINDS = CallKind.values();
    private static final CallOptions ONCE = CallOptions.idempotencyKey("the call");

    private final RecordingSink sink = new RecordingSink();
    private LossyNetwork network;
    private JdbiRunStore store;
    private Ledger ledger;

    private void connect(boolean autoCommit) {
        connect(autoCommit, Duration.ofSeconds(60));
    }

    private void connect(boolean autoCommit, Duration budget) {
        network = LossyNetwork.before(Servers.newest(), autoCommit);
        store = JdbiRunStore.builder(network).callBudget(budget).build();
        ledger = Ledger.builder().store(store).sink(sink).echo(false).build();
    }

    @AfterEach
    void disconnect() {
        ledger.close();
        network.close();
    }

    /** Makes a run that the call fits, and forgets its events. */
    private RunId prepared(CallKind kind, int round) {
        RunId id = RunId.of("run%04d".formatted(round));
        kind.prepare(ledger, id);
        sink.clear();
        return id;
    }

    private Set<String> stored(RunId id) {
        StoredHistory stored =
                new StoredHistory(StoredRows.read(StoreProfile.POSTGRESQL.plain(network.url()), id.value()));
        assertThat(stored.comparedTo(store.history()).faults()).isEmpty();
        return stored.eventIds();
    }

    private static List<String> both(Set<String> before, List<String> more) {
        List<String> all = new ArrayList<>(before);
        all.addAll(more);
        return all;
    }

    private void assertEmittedAsStored(RunId id) {
        Map<String, Object> stored = new HashMap<>();
        for (RunId each : List.of(id, RunId.of(id + "-child"))) {
            store.history().events(each).forEach(event -> stored.put(event.eventId(), event.fields()));
        }
        assertThat(sink.events())
                .allSatisfy(event -> assertThat(event.fields()).isEqualTo(stored.get(event.eventId())));
    }

    private List<String> emitted() {
        return sink.events().stream().map(LedgerEvent::eventId).toList();
    }

    @ParameterizedTest(name = "auto-commit {0}")
    @ValueSource(booleans = {true, false})
    void aCallWhoseReplyIsLostFindsWhatItStored(boolean autoCommit) {
        connect(autoCommit);
        int rounds = Rounds.of(KINDS.length, 200);
        for (int round = 0; round < rounds; round++) {
            CallKind kind = KINDS[round % KINDS.length];
            RunId id = prepared(kind, round);
            Set<String> before = stored(id);
            network.loseReply();
            Answer answer = kind.call(ledger, id, ONCE);
            assertThat(network.hasLost()).as("%s", kind).isTrue();
            assertThat(answer).isEqualTo(new Answer(true, kind.events(id).get(0)));
            assertThat(stored(id)).containsExactlyInAnyOrderElementsOf(both(before, kind.events(id)));
            assertThat(emitted()).containsExactlyElementsOf(kind.isEmitted() ? kind.events(id) : List.of());
            assertEmittedAsStored(id);
        }
        System.out.printf(
                "lost reply, auto-commit %s: %d rounds over %d kinds of call, %d applied, emitted once and stored once%n",
                autoCommit, rounds, KINDS.length, rounds);
    }

    @ParameterizedTest(name = "auto-commit {0}")
    @ValueSource(booleans = {true, false})
    void aCallThatLosesTheNetworkTooThrowsAndIsResolvedByTheSameCall(boolean autoCommit) {
        connect(autoCommit, Duration.ofMillis(500));
        int rounds = Rounds.of(KINDS.length, 200);
        for (int round = 0; round < rounds; round++) {
            CallKind kind = KINDS[round % KINDS.length];
            RunId id = prepared(kind, round);
            List<String> expected = both(stored(id), kind.events(id));
            network.loseReplyAndAllElse();
            assertUnknown(() -> kind.call(ledger, id, ONCE));
            network.well();
            assertThat(stored(id)).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(kind.call(ledger, id, ONCE))
                    .isEqualTo(new Answer(false, kind.events(id).get(0)));
            assertThat(stored(id)).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(emitted()).isEmpty();
        }
        System.out.printf(
                "lost network, auto-commit %s: %d rounds over %d kinds of call, %d typed unknown, %d resolved, 0 duplicated%n",
                autoCommit, rounds, KINDS.length, rounds, rounds);
    }

    private void assertUnknown(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failed -> assertThat(failed.certainty()).isEqualTo(Certainty.UNKNOWN));
        assertThat(network.hasLost()).isTrue();
    }

    @Test
    void aClaimWhoseReplyIsLostIsAppliedWithoutAnEvent() {
        connect(true);
        int rounds = Rounds.of(5, 50);
        for (int round = 0; round < rounds; round++) {
            RunId id = prepared(CallKind.RESUME, round);
            CallKind.RESUME.call(ledger, id);
            Set<String> before = stored(id);
            network.loseReply();
            Transition claimed = claim(id, "worker");
            assertThat(network.hasLost()).isTrue();
            assertThat(claimed.isApplied()).isTrue();
            assertThat(claimed.orElseThrow().owner()).contains("worker");
            assertThat(claim(id, "other").isApplied()).isFalse();
            assertThat(stored(id)).isEqualTo(before);
        }
        System.out.printf("lost reply to a claim: %d rounds, %d applied, 0 events%n", rounds, rounds);
    }

    @Test
    void aRefusalWhoseReplyIsLostIsStoredAndEmittedOnce() {
        connect(true);
        int rounds = Rounds.of(5, 50);
        for (int round = 0; round < rounds; round++) {
            RunId id = prepared(CallKind.DISPATCH, round);
            network.loseReply();
            ledger.refuse(CallKind.request(id), "not today");
            assertThat(network.hasLost()).isTrue();
            assertThat(store.history().refusals(200)).hasSize(round + 1);
            assertThat(emitted()).hasSize(1);
        }
        System.out.printf("lost reply to a refusal: %d rounds, %d stored, %d emitted%n", rounds, rounds, rounds);
    }

    @Test
    void aRunThatIsChangedBeforeTheCallIsMadeAgainIsEmittedAsTheCallLeftIt() {
        connect(true);
        RunId id = prepared(CallKind.START, 1);
        network.loseReplyAnd(onceOnly(() -> CallKind.SUSPEND.call(elsewhere(), id)));
        Transition started = ledger.start(id, "worker");
        assertThat(started.isApplied()).isTrue();
        assertThat(started.orElseThrow().state()).isEqualTo(RunState.RUNNING);
        assertThat(emitted()).containsExactly(id + ":2");
        assertEmittedAsStored(id);
        assertThat(stored(id)).containsExactly(id + ":1", id + ":2", id + ":3");
    }

    @Test
    void aTaskThatIsChangedBeforeTheCallIsMadeAgainIsEmittedAsTheCallLeftIt() {
        connect(true);
        RunId id = prepared(CallKind.FAIL_TASK, 1);
        network.loseReplyAnd(onceOnly(() -> {
            CallKind.RETRY_TASK.call(elsewhere(), id);
            CallKind.SUSPEND.call(elsewhere(), id); // an event of a task has the version of its run too
        }));
        Answer failed = CallKind.FAIL_TASK.call(ledger, id);
        assertThat(failed).isEqualTo(new Answer(true, id + "-task:2"));
        assertThat(emitted()).containsExactly(id + "-task:2");
        assertEmittedAsStored(id);
        assertThat(stored(id)).contains(id + "-task:2", id + "-task:3");
    }

    /** Returns the ledger of another process on the same database. */
    private Ledger elsewhere() {
        return Ledgers.silent(JdbiRunStore.on(StoreProfile.POSTGRESQL.plain(network.url())));
    }

    private Transition claim(RunId id, String worker) {
        return store.apply(new StoreCommand.ClaimRun(id, worker, StoreCommand.Head.of()));
    }

    private static LossyNetwork.Reconnect onceOnly(Runnable act) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (!done.getAndSet(true)) {
                act.run();
            }
        };
    }
}
