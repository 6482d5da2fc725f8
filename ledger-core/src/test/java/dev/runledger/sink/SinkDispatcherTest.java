package dev.runledger.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import dev.runledger.sink.EventSink.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class SinkDispatcherTest {
    private static final int MANY = 10_000;
    private static final LedgerEvent RUNNING = event(WorkflowRunEvent.RUNNING);
    private static final LedgerEvent SUCCEEDED = event(WorkflowRunEvent.SUCCEEDED);

    private static LedgerEvent event(EventType type) {
        return LedgerEvent.of(
                type,
                "r:1",
                Instant.EPOCH,
                EventFields.of().workflowName("w").runId("r"),
                Map.of(),
                Sanitizer.of(Redactor.standard(), Limits.standard()));
    }

    /** What a sink does with an event. */
    private interface Script {
        void accept(LedgerEvent event) throws Exception;
    }

    private static EventSink sink(String name, Delivery delivery, Script script) {
        return new EventSink() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Delivery delivery() {
                return delivery;
            }

            @Override
            public boolean wants(EventType type) {
                return true;
            }

            @Override
            public void accept(LedgerEvent event) throws Exception {
                script.accept(event);
            }
        };
    }

    static Stream<Throwable> throwables() {
        return Stream.of(
                new RuntimeException("x"),
                new Exception("checked"),
                new StackOverflowError(),
                new OutOfMemoryError("x"),
                new NoClassDefFoundError("x"),
                new ThreadDeath(),
                new AssertionError("x"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void whatASinkThrowsStaysThereIsCountedAndLoggedOnceAMinute(Throwable thrown) {
        for (Delivery delivery : Delivery.values()) {
            AtomicInteger others = new AtomicInteger();
            Logger log = (Logger) LoggerFactory.getLogger("dev.runledger.sink");
            ListAppender<ILoggingEvent> logged = new ListAppender<>();
            logged.start();
            log.addAppender(logged);
            EventSink throwing = EventSink.queued(sink("throwing", delivery, event -> sneak(thrown)), 20_000);
            EventSink inline = sink("inline", Delivery.INLINE, event -> others.incrementAndGet());
            try (EventSink.Composite sinks = EventSink.composite(
                    List.of(delivery == Delivery.INLINE ? EventSink.inline(throwing) : throwing, inline))) {
                for (int i = 0; i < MANY; i++) {
                    sinks.accept(RUNNING);
                }
                assertThat(sinks.flush(Duration.ofSeconds(30))).isTrue();
                assertThat(others).hasValue(MANY);
                assertThat(sinks.statistics().get(0)).isEqualTo(new EventSink.Statistics("throwing", 0, MANY, 0, 0));
                assertThat(logged.list).hasSize(1);
                assertThat(logged.list.get(0).getFormattedMessage())
                        .contains("throwing")
                        .contains(thrown.getClass().getName());
            } finally {
                log.detachAppender(logged);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aSinkThatBlocksForEverDelaysNobodyAndEveryEventIsAccountedFor() {
        int million = 1_000_000;
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger others = new AtomicInteger();
        EventSink blocking = EventSink.queued(sink("blocking", Delivery.QUEUED, event -> never.await()), 1024);
        EventSink inline = sink("inline", Delivery.INLINE, event -> others.incrementAndGet());
        EventSink.Composite sinks = EventSink.composite(List.of(blocking, inline));
        long[] nanos = new long[million];
        for (int i = 0; i < million; i++) {
            long before = System.nanoTime();
            sinks.accept(i % 10 == 0 ? SUCCEEDED : RUNNING);
            nanos[i] = System.nanoTime() - before;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "emit beside a blocked sink: p50 %d ns, p99 %d ns, p99.9 %d ns%n",
                nanos[million / 2], nanos[million / 100 * 99], nanos[million / 1000 * 999]);
        EventSink.Statistics blocked = sinks.statistics().get(0);
        assertThat(blocked.dropped() + blocked.pending()).isEqualTo(million);
        assertThat(blocked.pending()).isLessThanOrEqualTo(1025);
        assertThat(others).hasValue(million);
        assertThat(nanos[million / 2]).isLessThanOrEqualTo(5_000);

        long undelivered = sinks.close(Duration.ofMillis(50));
        assertThat(undelivered).isEqualTo(blocked.pending());
        assertThat(sinks.close(Duration.ofMillis(50)))
                .as("closing again does nothing")
                .isZero();
    }

    @Test
    void terminalEventsAreDroppedLast() {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger terminal = new AtomicInteger();
        EventSink slow = EventSink.queued(
                sink("slow", Delivery.QUEUED, event -> {
                    gate.await();
                    terminal.addAndGet(event.type().isTerminal() ? 1 : 0);
                }),
                100);
        try (EventSink.Composite sinks = EventSink.composite(List.of(slow))) {
            for (int i = 0; i < 1000; i++) {
                sinks.accept(RUNNING);
            }
            for (int i = 0; i < 25; i++) {
                sinks.accept(SUCCEEDED);
            }
            gate.countDown();
            assertThat(sinks.flush(Duration.ofSeconds(10))).isTrue();
            assertThat(terminal).hasValue(25);
            assertThat(sinks.statistics().get(0).delivered()).isEqualTo(100);
            assertThat(sinks.statistics().get(0).dropped()).isEqualTo(925);
        }
    }

    @Test
    void closingDeliversWhatIsQueuedWithinItsTimeAndReportsTheRest() {
        AtomicInteger delivered = new AtomicInteger();
        EventSink slow = sink("slow", Delivery.QUEUED, event -> {
            Thread.sleep(1);
            delivered.incrementAndGet();
        });
        EventSink.Composite sinks = EventSink.composite(List.of(slow));
        for (int i = 0; i < 2000; i++) {
            sinks.accept(RUNNING);
        }
        long before = System.nanoTime();
        long undelivered = sinks.close(Duration.ofMillis(200));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1200));
        await().untilAsserted(
                        () -> assertThat(sinks.statistics().get(0).pending()).isZero());
        EventSink.Statistics end = sinks.statistics().get(0);
        assertThat(end.delivered() + end.failed() + end.dropped()).isEqualTo(2000);
        assertThat(undelivered).isBetween(end.dropped(), end.dropped() + 1);
        sinks.accept(RUNNING);
        assertThat(sinks.statistics().get(0).dropped()).as("after the close").isEqualTo(end.dropped() + 1);
    }

    @Test
    void aSinkThatEmitsEventsCannotRecurse() {
        for (Delivery delivery : Delivery.values()) {
            AtomicReference<EventSink.Composite> self = new AtomicReference<>();
            EventSink chatty = sink("chatty", delivery, event -> self.get().accept(RUNNING));
            AtomicInteger others = new AtomicInteger();
            EventSink inline = sink("inline", Delivery.INLINE, event -> others.incrementAndGet());
            try (EventSink.Composite sinks = EventSink.composite(List.of(chatty, inline))) {
                self.set(sinks);
                sinks.accept(RUNNING);
                await().untilAsserted(() -> assertThat(sinks.recursions()).isEqualTo(1));
                sinks.flush(Duration.ofSeconds(5));
                assertThat(others).as("the event and the one that it caused").hasValue(2);
            }
        }
    }

    @Test
    void theInterruptFlagOfTheCallerIsKept() {
        EventSink clearing = sink("clearing", Delivery.INLINE, event -> Thread.interrupted());
        EventSink interrupting = sink("interrupting", Delivery.INLINE, event -> {
            throw new InterruptedException();
        });
        try (EventSink.Composite sinks = EventSink.composite(List.of(clearing))) {
            Thread.currentThread().interrupt();
            sinks.accept(RUNNING);
            assertThat(Thread.interrupted()).isTrue();
        }
        try (EventSink.Composite sinks = EventSink.composite(List.of(interrupting))) {
            sinks.accept(RUNNING);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aQueuedSinkSurvivesItsOwnInterrupts() {
        AtomicInteger delivered = new AtomicInteger();
        EventSink interrupting = sink("interrupting", Delivery.QUEUED, event -> {
            delivered.incrementAndGet();
            Thread.currentThread().interrupt();
        });
        try (EventSink.Composite sinks = EventSink.composite(List.of(interrupting))) {
            for (int i = 0; i < 1000; i++) {
                sinks.accept(RUNNING);
            }
            assertThat(sinks.flush(Duration.ofSeconds(10))).isTrue();
            assertThat(delivered).hasValue(1000);
        }
    }

    @Test
    void aSinkWhoseWantsThrowsIsCountedAndLeftOut() {
        EventSink broken = new EventSink() {
            @Override
            public boolean wants(EventType type) {
                throw new IllegalStateException("x");
            }

            @Override
            public void accept(LedgerEvent event) {
                throw new AssertionError("not asked for");
            }
        };
        try (EventSink.Composite sinks = EventSink.composite(List.of(EventSink.inline(broken)))) {
            sinks.accept(RUNNING);
            assertThat(sinks.wants(WorkflowRunEvent.QUEUED)).isFalse();
            assertThat(sinks.statistics().get(0).failed()).isEqualTo(2);
        }
    }

    @Test
    void noThreadIsLeftAfterTheClose() {
        EventSink.Composite sinks = EventSink.composite(List.of(sink("leaving", Delivery.QUEUED, event -> {})));
        assertThat(threads()).contains("ledger-sink-leaving");
        sinks.close();
        await().untilAsserted(() -> assertThat(threads()).doesNotContain("ledger-sink-leaving"));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    @Test
    void aQueueTooSmallForItsReserveIsRefused() {
        assertThatThrownBy(() -> EventSink.queued(sink("a", Delivery.QUEUED, event -> {}), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue capacity is 3, expected 4 or more");
    }

    // ---- many at once

    @Test
    void aCallerThatWaitsForRoomLosesNothingToASlowerSink() {
        AtomicInteger taken = new AtomicInteger();
        EventSink slower = EventSink.queued(
                sink("slower", Delivery.QUEUED, event -> {
                    taken.incrementAndGet();
                    LockSupport.parkNanos(10_000);
                }),
                64);
        try (EventSink.Composite sinks = EventSink.composite(List.of(slower))) {
            for (int i = 0; i < MANY; i++) {
                sinks.awaitRoom();
                sinks.accept(RUNNING);
            }
            assertThat(sinks.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(taken).hasValue(MANY);
        }
    }

    @Test
    void aSinkThatHangsIsWaitedForOnce() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        EventSink hanging = EventSink.queued(sink("hanging", Delivery.QUEUED, event -> hang.await()), 8);
        try (EventSink.Composite sinks = EventSink.composite(List.of(hanging))) {
            long begun = System.nanoTime();
            for (int i = 0; i < 1_000; i++) { // a second for each would take a quarter of an hour
                sinks.awaitRoom();
                sinks.accept(RUNNING);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMinutes(1));
            assertThat(sinks.statistics().get(0).dropped()).isGreaterThan(900);
            hang.countDown();
        }
    }

    @Test
    void aSinkNeverWaitsForItself() {
        AtomicInteger taken = new AtomicInteger();
        AtomicReference<EventSink.Composite> all = new AtomicReference<>();
        EventSink asking = EventSink.queued(
                sink("asking", Delivery.QUEUED, event -> {
                    all.get().awaitRoom();
                    taken.incrementAndGet();
                }),
                4);
        try (EventSink.Composite sinks = EventSink.composite(List.of(asking))) {
            all.set(sinks);
            for (int i = 0; i < 1_000; i++) {
                sinks.awaitRoom();
                sinks.accept(RUNNING);
            }
            assertThat(sinks.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(taken).hasValue(1_000);
        }
    }

    @Test
    void anInterruptEndsTheWaitForRoomAndStands() {
        CountDownLatch hang = new CountDownLatch(1);
        EventSink hanging = EventSink.queued(sink("hanging", Delivery.QUEUED, event -> hang.await()), 8);
        try (EventSink.Composite sinks = EventSink.composite(List.of(hanging))) {
            for (int i = 0; i < 8; i++) {
                sinks.accept(RUNNING);
            }
            Thread.currentThread().interrupt();
            sinks.awaitRoom();
            assertThat(Thread.interrupted()).isTrue();
            hang.countDown();
        }
    }
}
