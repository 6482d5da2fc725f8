package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests what every {@link EventSink} promises. A test of a sink extends this class and supplies {@link #newSink()}: the sink, and a way to
 * see what arrived at its destination.
 *
 * <p>Events are delivered as the ledger delivers them: inline or through a queue, with an MDC of the application in place. What the sink
 * throws, changes or leaves behind on the thread fails the test. A sink that is {@link AutoCloseable} is closed after each test.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class EventSinkContract {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration AT_ONCE = Duration.ofSeconds(5); // generous: it only has to differ from never
    private static final int THREADS = 8;
    private static final int EVENTS_A_THREAD = 200;

    private TestedSink tested;
    private WatchedSink watched;
    private EventSink.Composite composite;

    /** Used by subclasses. */
    protected EventSinkContract() {}

    /** Returns a sink that received nothing, with an empty destination. Called once for each test. */
    protected abstract TestedSink newSink() throws Exception;

    @BeforeEach
    final void openSink() throws Exception {
        tested = newSink();
        watched = new WatchedSink(tested.sink());
        composite = EventSink.composite(List.of(watched));
    }

    @AfterEach
    final void closeSink() throws Exception {
        if (composite == null) { // it could not even be opened, which is the failure to show
            return;
        }
        composite.close();
        if (tested.sink() instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    // ---- what arrives

    @TestFactory
    final Stream<DynamicTest> everyTypeOfEventArrives() {
        return EventType.all().stream()
                .map(type -> DynamicTest.dynamicTest(type.eventName(), () -> {
                    closeSink(); // a sink of its own for each
                    openSink();
                    List<LedgerEvent> both = List.of(SampleEvents.of(type), SampleEvents.least(type));
                    deliver(both);
                    assertThatTheyArrived(both);
                }));
    }

    @Test
    final void aLifeThatALedgerEmitsArrivesWithItsEchoAndItsRefusal() {
        RecordingSink recorder = new RecordingSink();
        try (Ledger ledger = Ledger.builder()
                .store(RunStore.inMemory())
                .sink(recorder)
                .sink(watched)
                .build()) {
            NewRun asked = NewRun.of("review").target("acme/app#42");
            RunId id = ledger.dispatch(asked).orElseThrow().id();
            assertThat(ledger.dispatch(asked)).isInstanceOf(Dispatch.Refused.class);
            ledger.start(id, "w1").orElseThrow();
            ledger.fail(id, Failure.of(new IllegalStateException("broken"))).orElseThrow();
            assertThat(ledger.events().flush(SOON)).as("flushed in time").isTrue();
        }
        assertThat(recorder.events())
                .extracting(LedgerEvent::type)
                .contains(WorkflowRunEvent.COMPLETED, WorkflowRunEvent.DISPATCH_REFUSED);
        assertThatItBehaved();
        assertThat(tested.arrived()).isEqualTo(expected(recorder.events()));
    }

    @Test
    final void whateverTheContractLetsThroughArrives() {
        List<LedgerEvent> hostile = HostileEvents.all();
        deliver(hostile);
        assertThatTheyArrived(hostile);
    }

    @Test
    final void ofWhatSeveralThreadsEmitEachEventArrivesOnce() throws Exception {
        List<LedgerEvent> all = new ArrayList<>();
        List<Callable<Void>> emitters = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            List<LedgerEvent> own = new ArrayList<>();
            for (int i = 0; i < EVENTS_A_THREAD; i++) {
                own.add(wanted(10_000 + thread * EVENTS_A_THREAD + i));
            }
            all.addAll(own);
            emitters.add(() -> {
                own.forEach(composite::accept);
                return null;
            });
        }
        AtOnce.call(emitters);
        assertThat(composite.flush(SOON)).as("flushed in time").isTrue();
        assertThatTheyArrived(all);
    }

    @Test
    final void anEventThatIsEmittedTwiceIsTwoOrOneAsTheSinkSays() {
        LedgerEvent event = wanted(1);
        deliver(List.of(event, event));
        assertThatItBehaved();
        assertThat(tested.arrived())
                .as("repeats are " + (tested.isDroppingRepeats() ? "dropped" : "kept"))
                .isEqualTo(Map.of(tested.key(event), tested.isDroppingRepeats() ? 1L : 2L));
    }

    // ---- what the sink says of itself

    @Test
    final void whatItWantsDoesNotDependOnWhoAsksOrHowOften() throws Exception {
        Callable<List<EventType>> ask =
                () -> EventType.all().stream().filter(watched::wants).toList();
        List<EventType> wanted = ask.call();
        assertThat(wanted).as("a sink wants something").isNotEmpty();
        assertThat(AtOnce.call(List.of(ask, ask, ask, ask)))
                .allSatisfy(again -> assertThat(again).isEqualTo(wanted));
        deliver(SampleEvents.all());
        assertThat(ask.call()).as("after it received events").isEqualTo(wanted);
        assertThatItBehaved();
    }

    @Test
    final void itHasANameAndADeliveryThatStay() {
        assertThat(tested.sink().name()).isNotBlank().isEqualTo(tested.sink().name());
        assertThat(tested.sink().delivery()).isNotNull().isEqualTo(tested.sink().delivery());
    }

    // ---- a good guest

    @Test
    final void anInterruptedThreadStaysInterruptedAndCostsNoLaterEvent() {
        List<LedgerEvent> during = List.of(wanted(1));
        List<LedgerEvent> after = List.of(wanted(2));
        watched.interrupting(true);
        deliver(during);
        watched.interrupting(false);
        deliver(after);
        assertThatItBehaved();
        assertThat(tested.arrived())
                .as("emitted on a thread that is not interrupted any more")
                .containsAllEntriesOf(expected(after));
    }

    @Test
    final void aBlockedDestinationHoldsNobodyUp() throws Exception {
        Assumptions.assumeTrue(tested.blocking() != null, "the destination of this sink cannot be blocked");
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (AutoCloseable blocked = tested.blocking().call()) {
            Future<?> delivered = caller.submit(() -> SampleEvents.all().forEach(composite::accept));
            assertThatCode(() -> delivered.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS))
                    .as("delivering returns while the destination is blocked")
                    .doesNotThrowAnyException();
        } finally {
            caller.shutdownNow();
        }
        assertThat(composite.flush(SOON)).as("flushed once it is free again").isTrue();
        assertThatItBehaved();
    }

    @Test
    final void closingItTwiceIsClosingItAndTheCallerNoticesNothing() throws Exception {
        Assumptions.assumeTrue(tested.sink() instanceof AutoCloseable, "this sink needs no closing");
        List<LedgerEvent> before = List.of(wanted(1));
        deliver(before);
        AutoCloseable closeable = (AutoCloseable) tested.sink();
        closeable.close();
        closeable.close();
        assertThatTheyArrived(before);
        assertThatCode(() -> deliver(List.of(wanted(2)))).doesNotThrowAnyException();
    }

    // ---- what the tests are made of

    /** Returns an event of this number that the sink wants. Consecutive numbers go through all types that it wants. */
    private LedgerEvent wanted(int number) {
        List<EventType> types =
                EventType.all().stream().filter(tested.sink()::wants).toList();
        return SampleEvents.numbered(types.get(number % types.size()), number, EventFields.of());
    }

    /** Delivers events as the ledger does, and waits until the sink received them. */
    private void deliver(Collection<LedgerEvent> events) {
        events.forEach(composite::accept);
        assertThat(composite.flush(SOON)).as("flushed in time").isTrue();
    }

    private void assertThatTheyArrived(Collection<LedgerEvent> events) {
        assertThatItBehaved();
        assertThat(tested.arrived()).isEqualTo(expected(events));
        List<Map<String, ?>> arrived = tested.fields();
        if (arrived == null) {
            return;
        }
        Map<String, Map<String, ?>> byId = new HashMap<>();
        arrived.forEach(fields -> byId.put(String.valueOf(fields.get("eventId")), fields));
        for (LedgerEvent event : events) {
            if (tested.sink().wants(event.type())) {
                assertThatTheFieldsAreThere(byId.get(event.eventId()), event);
            }
        }
    }

    /** Compares as text, since some destinations make text of everything. The stack may stand elsewhere, with the error. */
    private static void assertThatTheFieldsAreThere(Map<String, ?> arrived, LedgerEvent event) {
        event.fields().forEach((name, value) -> {
            if (event.cause().isEmpty() || !name.equals("errorStack")) {
                assertThat(String.valueOf(arrived.get(name)))
                        .as("%s of %s", name, event.eventName())
                        .isEqualTo(value.toString());
            }
        });
    }

    private Map<String, Long> expected(Collection<LedgerEvent> events) {
        Map<String, Long> expected = new HashMap<>();
        for (LedgerEvent event : events) {
            if (tested.sink().wants(event.type())) {
                expected.merge(tested.key(event), 1L, Long::sum);
            }
        }
        return expected;
    }

    private void assertThatItBehaved() {
        assertThat(watched.complaints()).as("what the sink did on the way").isEmpty();
    }
}
