package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Crowd;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand.Head;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads that make the same call at the same moment, and runs under one guard that end at the same moment. */
class RacesTest {
    private static final int THREADS = 64;

    private final Crowd crowd = new Crowd(THREADS);

    @TempDir
    private Path folder;

    @AfterEach
    void dismiss() {
        crowd.close();
    }

    // ---- the ends of a run

    @ParameterizedTest
    @EnumSource(Database.class)
    void ofManyEndsOfOneRunOneWinsAndTheOthersLearnWhichStateStands(Database database) throws Exception {
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
                    "ends, %s: %d rounds of %d threads, %d winners, %d losers, %d of them as already applied%n",
                    database, rounds, THREADS, rounds, rounds * (THREADS - 1), already);
        }
    }

    /** Makes a run in a state that it can be ended from: RUNNING, SUSPENDED or QUEUED in turn. */
    private static RunId runIn(RunStore store, int round) {
        RunId id = RunId.of(UUID.randomUUID().toString());
        Ledgers.dispatch(store, NewRun.of("race").id(id)).orElseThrow();
        if (round % 3 < 2) {
            store.apply(new RunChange.Start(id, "w", Head.of())).orElseThrow();
        }
        if (round % 3 == 1) {
            store.apply(new RunChange.Suspend(id, Wait.of(Wait.Code.APPROVAL), Head.of()))
                    .orElseThrow();
        }
        return id;
    }

    /** Returns one of the ends that fit what {@link #runIn} made. */
    private static RunChange end(RunId id, int thread, boolean running) {
        Head head = Head.of();
        return switch (thread % 4) {
            case 0 -> running ? new RunChange.Succeed(id, head) : new RunChange.Cancel(id, "ann", head);
            case 1 ->
                running
                        ? new RunChange.Incomplete(id, "undone", head)
                        : new RunChange.Fail(id, Failure.of("lost"), head);
            case 2 -> new RunChange.Fail(id, Failure.of("broken"), head);
            default -> new RunChange.Cancel(id, "called off", head);
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
                        .filter(RunCommand::isTerminal)
                        .isPresent())
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

    // ---- dispatches on a target

    @ParameterizedTest
    @EnumSource(Database.class)
    void ofManyDispatchesOnOneTargetOneIsQueuedAndOneAgainOnceItHasEnded(Database database) throws Exception {
        int rounds = Rounds.of(50, 500);
        try (TestStore bench = TestStore.open(database, folder)) {
            for (int round = 0; round < rounds; round++) {
                List<Dispatch> answers = crowd.atOnce(i -> Ledgers.dispatch(bench.store(), wanted()));
                WorkflowRun winner = assertThatOneIsQueued(answers);
                assertThat(bench.store().apply(new RunChange.Cancel(winner.id(), "next", Head.of())))
                        .isInstanceOf(Transition.Applied.class);
            }
            assertThat(bench.count("ledger_run")).isEqualTo(rounds);
            assertThat(bench.count("ledger_event")).isEqualTo(2L * rounds);
        }
        System.out.printf(
                "dispatches, %s: %d rounds of %d threads, %d queued, %d refused%n",
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
                                refused -> assertThat(refused.blocker()).contains(winner.id())));
        return winner;
    }

    // ---- the guard that passes to children

    @ParameterizedTest
    @EnumSource(Database.class)
    void theGuardIsFreeAfterAParentAndItsChildrenEndedAtTheSameMoment(Database database) throws Exception {
        int rounds = Rounds.of(100, 1_000);
        try (TestStore bench = TestStore.open(database, folder);
                Crowd family = new Crowd(3)) {
            RunStore store = bench.store();
            for (int round = 0; round < rounds; round++) {
                WorkflowRun parent = Ledgers.dispatch(store, wanted()).orElseThrow();
                store.apply(new RunChange.Start(parent.id(), "w", Head.of())).orElseThrow();
                List<RunId> ending = List.of(parent.id(), child(store, parent), child(store, parent));
                List<Transition> answers =
                        family.atOnce(i -> store.apply(new RunChange.Cancel(ending.get(i), "enough", Head.of())));
                assertThat(answers).allMatch(Transition::isApplied);
            }
            Ledgers.dispatch(store, wanted()).orElseThrow();
            assertThat(bench.count("ledger_run")).isEqualTo(3L * rounds + 1);
        }
        System.out.printf(
                "guards, %s: %d parents that ended with 2 children each, %d guards free%n", database, rounds, rounds);
    }

    private static RunId child(RunStore store, WorkflowRun parent) {
        NewRun asked = wanted().parentRunId(parent.id());
        store.apply(new RunChange.HandOff(parent.id(), asked, Head.of())).orElseThrow();
        return asked.id().orElseThrow();
    }
}
