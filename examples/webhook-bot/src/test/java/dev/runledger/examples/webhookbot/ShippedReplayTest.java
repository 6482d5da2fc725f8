package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunStore;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What the README promises of a replay without options. */
class ShippedReplayTest {
    private final ConcurrentLinkedQueue<EventType> emitted = new ConcurrentLinkedQueue<>();
    private final Tally tally = new Tally();

    @Test
    void everyTransitionEmitsItsEvent() throws Exception {
        replay();

        // no caller of the bot waits for the end of a run, the replay loses no worker, and no deadline passes
        Set<WorkflowRunEvent> expected = EnumSet.complementOf(
                EnumSet.of(WorkflowRunEvent.AWAITED, WorkflowRunEvent.REQUEUED, WorkflowRunEvent.OVERDUE));
        assertThat(emitted).containsAll(expected);
    }

    @Test
    void everyDeliveryIsInOneColumn() throws Exception {
        List<Recorded> recorded = replay();

        assertThat(tally.total()).isEqualTo(recorded.size());
        for (Receipt.Kind kind : Receipt.Kind.values()) {
            if (kind != Receipt.Kind.FAILED) { // the store is there all the time
                assertThat(tally.of(kind)).as(kind.name()).isPositive();
            }
        }
    }

    @Test
    void theRequesterCannotApprove() throws Exception {
        Options options = Options.parse(List.of(), null);
        Workers workers = Workers.of(options);
        try (Ledger ledger = Ledger.builder()
                .store(RunStore.inMemory())
                .sink(EventSink.inline(new Recording()))
                .queue(run -> workers.enqueue(run.id()))
                .build()) {
            Bot bot = new Bot(ledger, workers, options);
            workers.start();
            assertThat(bot.accept(said("d-1", "/implement", "ada")).code()).isEqualTo("run");
            workers.awaitIdle();
            Receipt own = bot.accept(said("d-2", "/approve", "ada"));
            assertThat(own.kind()).isEqualTo(Receipt.Kind.IGNORED);
            assertThat(own.code()).isEqualTo("own_request");
            assertThat(bot.accept(said("d-3", "/approve", "bo")).code()).isEqualTo("approval");
            workers.awaitIdle();
            workers.close();
        }
    }

    private static Delivery said(String id, String comment, String login) {
        String payload = Sample.comment(comment, login).toString();
        return new Delivery("issue_comment", id, payload, null, false);
    }

    private List<Recorded> replay() throws Exception {
        Options options = Options.parse(List.of(), null);
        Workers workers = Workers.of(options);
        try (Ledger ledger = Ledger.builder()
                .store(RunStore.inMemory())
                .sink(EventSink.inline(new Recording()))
                .queue(run -> workers.enqueue(run.id()))
                .build()) {
            Bot bot = new Bot(ledger, workers, options);
            List<Recorded> recorded = shipped();
            new Replay(bot::accept, workers, tally, true, new PrintStream(OutputStream.nullOutputStream()))
                    .run(recorded);
            workers.close();
            return recorded;
        }
    }

    private static List<Recorded> shipped() throws Exception {
        try (InputStream file = WebhookBot.class.getResourceAsStream("/sample-deliveries.jsonl")) {
            return DeliveryFile.read(file);
        }
    }

    private final class Recording implements EventSink {
        @Override
        public boolean wants(EventType type) {
            return type instanceof WorkflowRunEvent;
        }

        @Override
        public void accept(LedgerEvent event) {
            emitted.add(event.type());
        }
    }
}
