package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.faults.Crowd;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.run.Dispatch;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads that want the same thing at the same moment (K1 and K3). */
class RacesTest {
    private static final int THREADS = 64;

    private final Crowd crowd = new Crowd(THREADS);

    @TempDir
    private Path folder;

    @AfterEach
    void dismiss() {
        crowd.close();
    }

    // ---- K1

    @ParameterizedTest
    @EnumSource(Database.class)
    void ofManyEndsOfOneRunOneWinsAndTheOthersAreToldWhichStateStands(Database database) throws Exception {
        int rounds = Rounds.of(50, 2_000);
        long already = 0;
        try (TestStore bench = TestStore.open(database, folder)) {
            for (int round = 0; round < rounds; round++) {
                RunId id = runIn(bench.store(), round);
                boolean running = round % 3 == 0;
                List<Transition> answers = crowd.atOnce(i -> bench.store().apply(end(id, i, running)));
                already += assertThatOneWon(bench.store(), id, answers);
            }
            System.out.printf(
                    "K1 %s: %d rounds of %d threads, %d winners, %d losers told so, %d of them as already applied%n",
                    database, rounds, THREADS, rounds, rounds * (THREADS - 1), already);
        }
    }

    /** A run in a state that it is ended from: RUNNING, SUSPENDED or QUEUED in turn. */
    private static RunId runIn(RunStore store, int round) {
        RunId id = RunId.of(UUID.randomUUID().toString());
        store.dispatch(NewRun.of("race").id(id), null, null).orElseThrow();
        if (round % 3 < 2) {
            store.apply(Change.start(id, "w")).orElseThrow();
        }
        if (round % 3 == 1) {
            store.apply(Change.suspend(id, Wait.of(Wait.Code.APPROVAL))).orElseThrow();
        }
        return id;
    }

    /** One of the ends that fit whatever {@link #runIn} made. */
    private static Change end(RunId id, int thread, boolean running) {
        return switch (thread % 4) {
            case 0 -> running ? Change.succeed(id) : Change.cancel(id, "somebody");
            case 1 -> running ? Change.incomplete(id, "undone") : Change.fail(id, Failure.of("lost"));
            case 2 -> Change.fail(id, Failure.of("broken"));
            default -> Change.cancel(id, "called off");
        };
    }

    private static long assertThatOneWon(RunStore store, RunId id, List<Transition> answers) {
        WorkflowRun stands = store.history().run(id).orElseThrow();
        assertThat(answers)
                .filteredOn(Transition::isApplied)
                .hasSize(1)
                .allSatisfy(won -> assertThat(won.orElseThrow()).isEqualTo(stands));
        assertThat(answers).filteredOn(answer -> !answer.isApplied()).allSatisfy(lost -> {
            if (lost instanceof Transition.Rejected rejected) {
                assertThat(rejected.state()).isEqualTo(stands.state());
            } else {
                assertThat(lost).isEqualTo(new Transition.AlreadyApplied(stands, stands.eventId()));
            }
        });
        List<LedgerEvent> events = store.history().events(id);
        assertThat(events)
                .filteredOn(event -> ((WorkflowRunEvent) event.type())
                        .command()
                        .orElseThrow()
                        .isTerminal())
                .hasSize(1);
        assertThat(events)
                .extracting(LedgerEvent::eventId)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, stands.seq())
                        .mapToObj(seq -> id + ":" + seq)
                        .toList());
        return answers.stream()
                .filter(Transition.AlreadyApplied.class::isInstance)
                .count();
    }

    // ---- K3

    @ParameterizedTest
    @EnumSource(Database.class)
    void ofManyDispatchesOnOneTargetOneIsQueuedAndOneAgainOnceItHasEnded(Database database) throws Exception {
        int rounds = Rounds.of(50, 500);
        try (TestStore bench = TestStore.open(database, folder)) {
            for (int round = 0; round < rounds; round++) {
                List<Dispatch> answers = crowd.atOnce(i -> bench.store().dispatch(wanted(), null, null));
                WorkflowRun winner = assertThatOneIsQueued(answers);
                assertThat(bench.store().apply(Change.cancel(winner.id(), "next")))
                        .isInstanceOf(Transition.Applied.class);
            }
            assertThat(bench.count("ledger_run")).isEqualTo(rounds);
            assertThat(bench.count("ledger_event")).isEqualTo(2L * rounds);
        }
        System.out.printf(
                "K3 %s: %d rounds of %d threads, %d queued, %d refused%n",
                database, rounds, THREADS, rounds, rounds * (THREADS - 1));
    }

    private static NewRun wanted() {
        return NewRun.of("review")
                .id(RunId.of(UUID.randomUUID().toString()))
                .project("acme")
                .target("acme/app#42");
    }

    private static WorkflowRun assertThatOneIsQueued(List<Dispatch> answers) {
        assertThat(answers).filteredOn(Dispatch.Queued.class::isInstance).hasSize(1);
        WorkflowRun winner = answers.stream()
                .filter(Dispatch.Queued.class::isInstance)
                .findFirst()
                .orElseThrow()
                .orElseThrow();
        assertThat(answers)
                .filteredOn(answer -> !(answer instanceof Dispatch.Queued))
                .hasSize(THREADS - 1)
                .allSatisfy(lost -> assertThat(lost)
                        .isInstanceOfSatisfying(
                                Dispatch.Refused.class,
                                refused -> assertThat(refused.blocker()).isEqualTo(winner.id())));
        return winner;
    }
}
