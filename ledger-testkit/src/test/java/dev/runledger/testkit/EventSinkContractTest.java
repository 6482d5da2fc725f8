package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.EventSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import org.slf4j.MDC;

/** The contract catches what it is for: each test is a sink with one fault, and the part of the contract that finds it. */
class EventSinkContractTest {
    @Test
    void aSinkThatLosesATypeOfEventIsFound() {
        Sink sink = new Sink() {
            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                if (event.type() != WorkflowRunEvent.RESUMED) {
                    super.accept(event);
                }
            }
        };
        assertThatThrownBy(() -> each(sink)).isInstanceOf(AssertionError.class).hasMessageContaining("run-1:5");
    }

    @Test
    void aSinkThatLosesAFieldIsFound() {
        Sink sink = new Sink() {
            @Override
            Map<String, ?> kept(LedgerEvent event) {
                Map<String, Object> fields = new HashMap<>(event.fields());
                fields.remove("queueWaitMs");
                return fields;
            }
        };
        assertThatThrownBy(() -> each(sink))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("queueWaitMs of workflow.run.running");
    }

    @Test
    void aSinkThatThrowsOnALongTextIsFound() {
        Sink sink = new Sink() {
            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                if (event.text(EventField.REASON).orElse("").length() > 1_000) {
                    throw new IllegalArgumentException("value too long for type character varying(1000)");
                }
                super.accept(event);
            }
        };
        assertFails(sink, EventSinkContract::whateverTheContractLetsThroughArrives, "value too long");
    }

    @Test
    void aSinkThatIsNotThreadSafeIsFound() {
        Sink sink = new Sink() {
            private final CountDownLatch two = new CountDownLatch(2);
            private volatile List<LedgerEvent> all = List.of();

            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                List<LedgerEvent> more = new ArrayList<>(all);
                two.countDown();
                two.await(); // the first two have read the same list
                more.add(event);
                all = more;
            }

            @Override
            List<Map<String, ?>> arrived() {
                return all.stream().<Map<String, ?>>map(LedgerEvent::fields).toList();
            }
        };
        assertFails(sink, EventSinkContract::ofWhatSeveralThreadsEmitEachEventArrivesOnce, "");
    }

    @Test
    void aSinkThatDoesWithRepeatsOtherThanItSaysIsFound() {
        Sink once = new Sink() {
            private final Set<String> seen = new HashSet<>();

            @Override
            public synchronized void accept(LedgerEvent event) throws InterruptedException {
                if (seen.add(event.eventId())) {
                    super.accept(event);
                }
            }
        };
        assertFails(once, EventSinkContract::anEventThatIsEmittedTwiceIsTwoOrOneAsTheSinkSays, "repeats are kept");
        assertThatCode(() -> run(
                        once,
                        TestedSink::dropsRepeats,
                        EventSinkContract::anEventThatIsEmittedTwiceIsTwoOrOneAsTheSinkSays))
                .doesNotThrowAnyException();
    }

    @Test
    void aSinkThatWantsNowThisNowThatIsFound() {
        Sink sink = new Sink() {
            private int asked;

            @Override
            public synchronized boolean wants(EventType type) {
                return Integer.bitCount(asked++) % 2 == 0; // with no period that the number of types could have
            }
        };
        assertFails(sink, EventSinkContract::whatItWantsDoesNotDependOnWhoAsksOrHowOften, "");
    }

    @Test
    void aSinkThatLeavesTheMdcAnotherIsFound() {
        Sink sink = new Sink() {
            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                super.accept(event);
                MDC.put("runId", "the sink's");
            }
        };
        assertThatThrownBy(() -> each(sink)).isInstanceOf(AssertionError.class).hasMessageContaining("changed the MDC");
    }

    @Test
    void aSinkThatAddsToTheHostsErrorIsFound() {
        Sink sink = new Sink() {
            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                super.accept(event);
                event.cause().ifPresent(error -> error.addSuppressed(new IllegalStateException("from the sink")));
            }
        };
        assertFails(sink, EventSinkContract::aLifeThatALedgerEmitsArrivesWithItsEchoAndItsRefusal, "changed the event");
    }

    @Test
    void aSinkThatEatsTheInterruptIsFound() {
        Sink sink = new Sink() {
            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                Thread.interrupted();
                super.accept(event);
            }
        };
        assertFails(
                sink,
                EventSinkContract::anInterruptedThreadStaysInterruptedAndCostsNoLaterEvent,
                "lost the interrupt flag");
    }

    @Test
    void aSinkThatWaitsForABlockedDestinationIsFound() {
        CountDownLatch free = new CountDownLatch(1);
        Sink sink = new Sink() {
            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                free.await();
                super.accept(event);
            }
        };
        assertThatThrownBy(() -> run(
                        sink,
                        tested -> tested.withBlockedDestination(() -> free::countDown),
                        EventSinkContract::aBlockedDestinationHoldsNobodyUp))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("delivering returns while the destination is blocked");
    }

    @Test
    void aQueuedSinkMayWait() {
        CountDownLatch free = new CountDownLatch(1);
        Sink sink = new Sink() {
            @Override
            public Delivery delivery() {
                return Delivery.QUEUED;
            }

            @Override
            public void accept(LedgerEvent event) throws InterruptedException {
                free.await();
                super.accept(event);
            }
        };
        assertThatCode(() -> run(
                        sink,
                        tested -> tested.withBlockedDestination(() -> free::countDown),
                        EventSinkContract::aBlockedDestinationHoldsNobodyUp))
                .doesNotThrowAnyException();
        assertThat(sink.arrived()).hasSize(EventType.all().size());
    }

    @Test
    void aSinkWhoseDestinationCannotBeBlockedIsSkippedThere() {
        assertThatThrownBy(() -> run(new Sink(), tested -> tested, EventSinkContract::aBlockedDestinationHoldsNobodyUp))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("cannot be blocked");
    }

    @Test
    void aSinkThatCannotBeClosedTwiceIsFound() {
        class Once extends Sink implements AutoCloseable {
            private boolean closed;

            @Override
            public void close() {
                if (closed) {
                    throw new IllegalStateException("closed");
                }
                closed = true;
            }
        }
        assertThatThrownBy(() -> run(
                        new Once(),
                        tested -> tested,
                        EventSinkContract::closingItTwiceIsClosingItAndTheCallerNoticesNothing))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theSamplesAreTheWholeVocabularyAndKeepTheContract() {
        List<LedgerEvent> all = new ArrayList<>(SampleEvents.all());
        EventType.all().forEach(type -> all.add(SampleEvents.least(type)));
        assertThat(all).extracting(LedgerEvent::eventId).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(event -> {
            assertThat(event.fields()).doesNotContainKeys("contractViolation", "truncated");
            event.type()
                    .required()
                    .forEach(field -> assertThat(event.get(field)).isPresent());
        });
        assertThat(SampleEvents.all())
                .allSatisfy(event -> event.type()
                        .optional()
                        .forEach(field -> assertThat(event.get(field))
                                .as(field.fieldName())
                                .isPresent()));
        assertThat(HostileEvents.all())
                .allSatisfy(event ->
                        assertThat(event.get(EventField.CONTRACT_VIOLATION)).isEmpty());
    }

    // ---- what the tests are made of

    /** A sink without fault; each test spoils one thing. */
    private static class Sink implements EventSink {
        private final List<Map<String, ?>> arrived = new ArrayList<>();

        @Override
        public Delivery delivery() {
            return Delivery.INLINE;
        }

        @Override
        public boolean wants(EventType type) {
            return true;
        }

        @Override
        public void accept(LedgerEvent event) throws InterruptedException {
            synchronized (arrived) {
                arrived.add(kept(event));
            }
        }

        Map<String, ?> kept(LedgerEvent event) {
            return event.fields();
        }

        List<Map<String, ?>> arrived() {
            return arrived;
        }
    }

    /** A part of the contract. */
    private interface Part {
        void of(EventSinkContract contract) throws Throwable;
    }

    private static void assertFails(Sink sink, Part part, String message) {
        assertThatThrownBy(() -> run(sink, tested -> tested, part))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(message);
    }

    private static void each(Sink sink) throws Throwable {
        EventSinkContract contract = contract(sink, tested -> {
            sink.arrived().clear();
            return tested;
        });
        contract.openSink();
        for (DynamicTest test : contract.everyTypeOfEventArrives().toList()) {
            test.getExecutable().execute();
        }
    }

    private static void run(Sink sink, UnaryOperator<TestedSink> as, Part part) throws Throwable {
        EventSinkContract contract = contract(sink, as);
        contract.openSink();
        part.of(contract);
    }

    private static EventSinkContract contract(Sink sink, UnaryOperator<TestedSink> as) {
        return new EventSinkContract() {
            @Override
            protected TestedSink newSink() {
                return as.apply(TestedSink.withFields(sink, sink::arrived));
            }
        };
    }
}
