package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.history.RunQuery;
import dev.runledger.operations.Operations;
import dev.runledger.run.NewRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreException;
import dev.runledger.testkit.MutableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the bot leaves to its operations, and what it says if the database refuses. */
class BotTest {
    private final MutableClock clock = MutableClock.at("2026-03-01T10:00:00Z");
    private final RunStore kept = RunStore.inMemory(clock, 1_000);
    private final Workers workers = new Workers(2, 8);
    private boolean away;

    private final Ledger ledger = Ledger.builder()
            .store(kept)
            .clock(clock)
            .sink(EventSink.named("none", event -> {}))
            .queue(run -> workers.enqueue(run.id()))
            .build();
    private final Operations operations = Policies.operations(ledger, Duration.ofSeconds(30));

    @AfterEach
    void close() {
        workers.close();
        operations.close();
        ledger.close();
    }

    @Test
    void aShipEndsWithItsPlanAndItsImplement() throws Exception {
        Bot bot = bot(ledger);
        said(bot, "d-1", "/ship", "ada");
        sweep();
        assertThat(state("ship")).isEqualTo(RunState.RUNNING);
        assertThat(state("plan")).isEqualTo(RunState.SUCCEEDED);
        said(bot, "d-2", "/approve", "bo");
        sweep();
        assertThat(state("implement")).isEqualTo(RunState.SUCCEEDED);
        assertThat(state("ship")).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void anApprovalThatDoesNotComeEndsTheRunAndItsShip() throws Exception {
        Bot bot = bot(ledger);
        said(bot, "d-1", "/ship", "ada");
        clock.advance(Duration.ofDays(14));
        sweep();
        assertThat(state("implement")).isEqualTo(RunState.CANCELLED);
        assertThat(state("ship")).isEqualTo(RunState.INCOMPLETE);
    }

    @Test
    void whatADeadBotHadInItsQueueIsOfferedAgain() throws Exception {
        ledger.dispatch(NewRun.of("plan").target("harbour/tides#4")).orElseThrow();
        Workers next = new Workers(1, 8);
        try (Ledger after = Ledger.builder()
                .store(kept)
                .clock(clock)
                .sink(EventSink.named("none", event -> {}))
                .queue(run -> next.enqueue(run.id()))
                .build()) {
            Bot bot = new Bot(after, next, Options.parse(List.of(), null));
            assertThat(bot.workers()).isSameAs(next);
            next.start();
            clock.advance(Duration.ofSeconds(31));
            assertThat(Policies.operations(after, Duration.ofSeconds(30)).sweep())
                    .isTrue();
            next.awaitIdle();
            assertThat(state("plan")).isEqualTo(RunState.INCOMPLETE);
        } finally {
            next.close();
        }
    }

    @Test
    void aDeliveryThatTheStoreRefusesFails() throws Exception {
        try (Ledger refused = Ledger.builder()
                .store(refusing())
                .sink(EventSink.named("none", event -> {}))
                .queue(run -> workers.enqueue(run.id()))
                .build()) {
            Bot bot = new Bot(refused, workers, Options.parse(List.of(), null));
            away = true;
            Receipt receipt = bot.accept(comment("d-1", "/plan", "ada"));
            assertThat(receipt.kind()).isEqualTo(Receipt.Kind.FAILED);
            assertThat(receipt.status()).isEqualTo(503);
            away = false;
            assertThat(bot.accept(comment("d-1", "/plan", "ada")).code()).isEqualTo("run");
        }
    }

    private Bot bot(Ledger of) throws Exception {
        Bot bot = new Bot(of, workers, Options.parse(List.of(), null));
        workers.start();
        return bot;
    }

    private void said(Bot bot, String id, String comment, String login) throws Exception {
        assertThat(bot.accept(comment(id, comment, login)).kind()).isEqualTo(Receipt.Kind.DISPATCHED);
        workers.awaitIdle();
    }

    private static Delivery comment(String id, String comment, String login) {
        return new Delivery("issue_comment", id, Sample.comment(comment, login).toString(), null, false);
    }

    private void sweep() throws Exception {
        assertThat(operations.sweep()).isTrue();
        workers.awaitIdle();
        assertThat(operations.sweep()).isTrue(); // a parent is found after its children have ended
        assertThat(operations.counters().failures()).isZero();
    }

    private RunState state(String workflow) {
        return ledger.history().page(RunQuery.all()).runs().stream()
                .filter(run -> run.workflowName().equals(workflow))
                .map(WorkflowRun::state)
                .findFirst()
                .orElseThrow();
    }

    /** The store, which throws while it is away. */
    private RunStore refusing() {
        return (RunStore) Proxy.newProxyInstance(
                RunStore.class.getClassLoader(), new Class<?>[] {RunStore.class}, (proxy, method, arguments) -> {
                    if (away) {
                        throw new StoreException("the database is away", StoreException.Certainty.NOT_STORED, null);
                    }
                    try {
                        return method.invoke(kept, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
