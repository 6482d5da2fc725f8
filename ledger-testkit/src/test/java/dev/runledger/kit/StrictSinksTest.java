package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewRun;
import dev.runledger.sink.EventSink;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.Witness;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A sink that throws, drops or emits, and what is closed with a kit. */
class StrictSinksTest {
    private LedgerKit kit = LedgerKit.builder().name("t").build();

    private WorkflowRunEvents events() {
        return kit.events();
    }

    private static EventFields queued(String id) {
        return EventFields.of().runId(id).workflowName("review");
    }

    private String breaches() {
        return String.join(
                "\n",
                kit.breaches().stream()
                        .map(each -> Messages.plain(each.toString()))
                        .toList());
    }

    private static String at(String method) {
        return "\n  at dev.runledger.kit.StrictSinksTest.%s(StrictSinksTest.java:#)".formatted(method);
    }

    @Test
    void anEventThatASinkHasNoRoomFor() {
        CountDownLatch blocked = new CountDownLatch(1);
        EventSink slow = sink("slow", event -> blocked.await());
        kit = LedgerKit.builder()
                .name("t")
                .ledger(with -> with.sink(EventSink.queued(slow, 4)))
                .build();
        for (int i = 1; i <= 10; i++) {
            events().log(QUEUED, queued("r-" + i));
        }
        blocked.countDown();
        assertThat(breaches())
                .contains("DROPPED: workflow.run.queued of run r-10 was dropped by sink slow, which had no room for it"
                        + at("anEventThatASinkHasNoRoomFor"));
    }

    @Test
    void aSinkThatThrows() {
        kit = LedgerKit.builder()
                .name("t")
                .ledger(with -> with.sink(sink("broken", event -> {
                    throw new IllegalStateException("no");
                })))
                .build();
        events().log(QUEUED, queued("r-1"));
        assertThat(breaches()).isEqualTo("SINK_FAILED: sink broken threw on events: 1");
    }

    @Test
    void ofTwoSinksOfANameEitherMayThrow() {
        EventSink well = sink("webhook", event -> {});
        EventSink broken = sink("webhook", event -> {
            throw new IllegalStateException("no");
        });
        kit = LedgerKit.builder()
                .name("t")
                .ledger(with -> with.sink(broken).sink(well))
                .build();
        events().log(QUEUED, queued("r-1"));
        assertThat(breaches()).isEqualTo("SINK_FAILED: sink webhook threw on events: 1");
    }

    @Test
    void aSinkThatEmitsOfWhatASinkEmitted() {
        WorkflowRunEvents[] self = new WorkflowRunEvents[1];
        EventSink echoing =
                EventSink.inline(sink("echoing", event -> self[0].log(QUEUED, queued("r-" + event.eventId()))));
        kit = LedgerKit.builder().name("t").ledger(with -> with.sink(echoing)).build();
        self[0] = events();
        events().log(QUEUED, queued("r-1"));
        assertThat(breaches())
                .contains(
                        "DROPPED: events that a sink emitted while it handled the event of another sink were dropped: 1");
    }

    /** What a sink does with an event. */
    private interface Body {
        void accept(LedgerEvent event) throws Exception;
    }

    private static EventSink sink(String name, Body body) {
        return new EventSink() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean wants(EventType type) {
                return List.of(QUEUED, RUNNING).contains(type);
            }

            @Override
            public void accept(LedgerEvent event) throws Exception {
                body.accept(event);
            }
        };
    }

    @Test
    void aTestThatLeavesItsThreadInterruptedIsVerifiedAllTheSame() {
        CountDownLatch free = new CountDownLatch(1);
        LedgerKit queued = LedgerKit.builder()
                .ledger(with -> with.sink(Sinks.of(event -> {
                    try {
                        free.await(200, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException impossible) { // nobody interrupts the sink's thread
                        throw new IllegalStateException(impossible);
                    }
                })))
                .build();
        queued.ledger().dispatch(NewRun.of("review")).orElseThrow();
        Thread.currentThread().interrupt();
        try {
            queued.verify();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
            queued.close();
        }
    }

    @Test
    void aWitnessThatCannotBeClosedKeepsNoOtherOpen() {
        class Closing implements Witness, AutoCloseable {
            private final boolean fails;
            private boolean closed;

            Closing(boolean fails) {
                this.fails = fails;
            }

            @Override
            public String name() {
                return "closing";
            }

            @Override
            public Optional<String> keyOf(LedgerEvent event) {
                return Optional.empty();
            }

            @Override
            public List<Sighting> sightings(List<LedgerEvent> emitted) {
                return List.of();
            }

            @Override
            public List<String> texts(List<LedgerEvent> emitted) {
                return List.of();
            }

            @Override
            public void close() throws IOException {
                closed = true;
                if (fails) {
                    throw new IOException("the disk is full");
                }
            }
        }
        Closing last = new Closing(false);
        LedgerKit leaving = LedgerKit.strict().witness(new Closing(true)).witness(last);
        assertThatThrownBy(leaving::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a witness could not be closed")
                .hasSuppressedException(new IOException("the disk is full"));
        assertThat(last.closed).isTrue();
    }
}
