package dev.runledger.kit;

import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.testkit.FromKit;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import dev.runledger.testkit.SecretCanary;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Suites of an application, some of which fail. No class here is found by the build, which looks for names that end in Test. */
final class Suites {
    private Suites() {}

    private static void emitTooLittle(WorkflowRunEvents events) {
        events.log(WorkflowRunEvent.SUSPENDED, EventFields.of().runId("r-1").workflowName("review"));
    }

    @ExtendWith(LedgerExtension.class)
    static class Parts {
        @FromKit
        private Ledger ledger;

        @FromKit
        private Supplier<String> ids;

        private RecordingSink before;

        @BeforeEach
        void before(RecordingSink recorder) {
            before = recorder;
        }

        @AfterEach
        void after(RecordingSink recorder) {
            assertThat(recorder).isSameAs(before);
        }

        @Test
        void areOfOneKit(
                LedgerKit kit,
                Ledger given,
                WorkflowRunEvents events,
                RecordingSink recorder,
                MutableClock clock,
                SecretCanary canary,
                Supplier<String> given2) {
            assertThat(given).isSameAs(ledger).isSameAs(kit.ledger());
            assertThat(events).isSameAs(kit.events()).isSameAs(ledger.events());
            assertThat(recorder).isSameAs(before).isSameAs(kit.recorder());
            assertThat(clock).isSameAs(kit.clock());
            assertThat(canary).isSameAs(kit.canary());
            assertThat(given2).isSameAs(ids).isSameAs(kit.ids());
        }

        @Test
        void areOfTheClock(MutableClock clock) {
            clock.advance(java.time.Duration.ofDays(1));
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            assertThat(id.value()).startsWith("areOfTheClock-");
            assertThat(before).run(id).event(WorkflowRunEvent.QUEUED).happenedAt(Instant.parse("2026-01-02T00:00:00Z"));
        }

        @Nested
        class Inside {
            @FromKit
            private MutableClock clock;

            @Test
            void areOfTheOuterTestToo(LedgerKit kit) {
                assertThat(ledger).isSameAs(kit.ledger());
                assertThat(clock).isSameAs(kit.clock());
            }
        }
    }

    @ExtendWith(LedgerExtension.class)
    static class AtTheSameTime {
        private static final Set<String> IDS = ConcurrentHashMap.newKeySet();

        @RepeatedTest(40)
        void eachSeesItsOwn(Ledger ledger, RecordingSink recorder) throws Exception {
            RunId id = ledger.dispatch(NewRun.of("review").target("the same"))
                    .orElseThrow()
                    .id();
            Thread worker = new Thread(() -> ledger.execute(id, "w", run -> RunOutcome.succeeded()));
            worker.start();
            worker.join();
            assertThat(IDS.add(id.value())).isTrue();
            assertThat(recorder)
                    .emittedExactly(
                            WorkflowRunEvent.QUEUED,
                            WorkflowRunEvent.RUNNING,
                            WorkflowRunEvent.SUCCEEDED,
                            WorkflowRunEvent.COMPLETED);
        }
    }

    @ExtendWith(LedgerExtension.class)
    static class Breaching {
        @Test
        void emitsTooLittle(WorkflowRunEvents events) {
            events.log(WorkflowRunEvent.SUSPENDED, EventFields.of().runId("r-1").workflowName("review"));
        }
    }

    @ExtendWith(LedgerExtension.class)
    static class FailingAnyway {
        @Test
        void failsOfItsOwn(WorkflowRunEvents events) {
            emitTooLittle(events);
            throw new AssertionError("of its own");
        }
    }

    static class Closing {
        static LedgerKit left;

        @RegisterExtension
        final LedgerExtension extension = LedgerExtension.of(() -> LedgerKit.builder()
                .ledger(with -> with.sink(EventSink.named("queued", Sinks.of(event -> {}))))
                .build());

        @Test
        void leavesItsKit(LedgerKit kit) {
            left = kit;
        }
    }

    @ExtendWith(LedgerExtension.class)
    static class BeforeAll {
        @org.junit.jupiter.api.BeforeAll
        static void all(Ledger ledger) {
            throw new AssertionError(ledger);
        }

        @Test
        void isNotReached() {}
    }

    @ExtendWith(LedgerExtension.class)
    static class WrongField {
        @FromKit
        private String what;

        @Test
        void isNotReached() {}
    }

    @ExtendWith(LedgerExtension.class)
    static class FinalField {
        @FromKit
        private final Ledger what = null;

        @Test
        void isNotReached() {}
    }

    static class Own {
        @RegisterExtension
        static final LedgerExtension EXTENSION = LedgerExtension.of(
                () -> LedgerKit.builder().name("own").startingAt(Instant.EPOCH).build());

        @Test
        void one(Supplier<String> ids, MutableClock clock) {
            assertThat(ids.get()).isEqualTo("own-1");
            assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
        }

        @Test
        void another(Supplier<String> ids) {
            assertThat(ids.get()).isEqualTo("own-1");
        }
    }

    @ExtendWith(LedgerExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    static class OneInstanceAtTheSameTime {
        @FromKit
        private Ledger ledger;

        @Test
        void one() {}

        @Test
        void other() {}
    }

    @ExtendWith(LedgerExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {
        private final Set<LedgerKit> kits = ConcurrentHashMap.newKeySet();

        @FromKit
        private LedgerKit field;

        @RepeatedTest(5)
        void eachHasItsOwn(LedgerKit kit) {
            assertThat(field).isSameAs(kit);
            assertThat(kits.add(kit)).isTrue();
        }

        @Nested
        class Inside {
            @FromKit
            private LedgerKit inner;

            @ParameterizedTest
            @ValueSource(strings = {"a", "b"})
            void eachArgumentToo(String argument, LedgerKit kit) {
                assertThat(field).isSameAs(inner).isSameAs(kit);
                assertThat(kits.add(kit)).as(argument).isTrue();
            }
        }
    }

    @ExtendWith(LedgerExtension.class)
    static class Dynamic {
        @TestFactory
        Stream<DynamicTest> theBreachOfOneFailsTheFactory(WorkflowRunEvents events) {
            return Stream.of(
                    DynamicTest.dynamicTest("emits nothing", () -> {}),
                    DynamicTest.dynamicTest("emits too little", () -> emitTooLittle(events)));
        }
    }
}
