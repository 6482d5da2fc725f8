package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.runledger.failure.Failure;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.history.RunStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The part of {@link RunHistoryContract} that is about many runs at once: pages, filters, and the snapshot that gauges are made of. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class RunPageContract extends StoreContract {
    /** Whose runs a test makes, so that it sees no others. */
    final String project = "project-" + newId();

    /** Used by the contract alone. */
    RunPageContract() {}

    @Test
    final void pagesReachEveryRunOnceNewestFirst() {
        List<RunId> made = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            made.add(dispatched(ofProject().build()).id());
        }
        List<WorkflowRun> read = new ArrayList<>();
        RunQuery query = RunQuery.builder().project(project).limit(5).build();
        RunHistory.Page page = store.history().page(query);
        read.addAll(page.runs());
        while (page.nextPage().isPresent()) {
            dispatched(ofProject().build()); // what is added meanwhile moves nothing
            page = store.history().page(query.after(page));
            assertThat(page.unreadable()).isEmpty();
            read.addAll(page.runs());
        }
        assertThat(read).extracting(WorkflowRun::id).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(made);
        assertThat(read)
                .isSortedAccordingTo((a, b) ->
                        RunQuery.Position.NEWEST_FIRST.compare(RunQuery.Position.of(a), RunQuery.Position.of(b)));
    }

    @Test
    final void aPageThatIsExactlyFullIsTheLast() {
        for (int i = 0; i < 4; i++) {
            dispatched(ofProject().build());
        }
        RunHistory.Page page = store.history()
                .page(RunQuery.builder().project(project).limit(4).build());
        assertThat(page.runs()).hasSize(4);
        assertThat(page.nextPage()).isEmpty();
    }

    @Test
    final void everyFilterFindsItsRunsAndNoOthers() {
        WorkflowRun parent = dispatched(ofProject().build());
        String key = newId().value();
        NewRun asked = NewRun.of("nightly-" + key)
                .id(newId())
                .project(project)
                .target("target-" + key)
                .trigger(Trigger.of("cron-" + key).deliveryId("delivery-" + key))
                .parentRunId(parent.id());
        WorkflowRun wanted = dispatched(asked);
        applied(Change.fail(wanted.id(), Failure.of("The Disk is FULL \u00c4 " + key, Failure.Category.CONNECTIVITY)));
        WorkflowRun other = dispatched(ofProject().build());
        applied(Change.fail(other.id(), Failure.of("something else", Failure.Category.BUG)));
        Instant at = wanted.times().queuedAt();

        List<RunQuery.Builder> filters = List.of(
                RunQuery.builder().workflowName("nightly-" + key),
                RunQuery.builder().target(Target.of("target-" + key)),
                RunQuery.builder().trigger("cron-" + key),
                RunQuery.builder().deliveryId("delivery-" + key),
                RunQuery.builder().parentRunId(parent.id()),
                RunQuery.builder().project(project).errorCategory(Failure.Category.CONNECTIVITY),
                RunQuery.builder().project(project).reasonContains("disk is full \u00c4 " + key),
                RunQuery.builder()
                        .project(project)
                        .states(RunState.FAILED)
                        .from(at)
                        .to(at.plusNanos(1_000)));
        for (RunQuery.Builder filter : filters) {
            RunQuery query = filter.build();
            assertThat(store.history().page(query).runs())
                    .as(query.toString())
                    .extracting(WorkflowRun::id)
                    .contains(wanted.id())
                    .doesNotContain(other.id(), parent.id());
        }
        RunQuery all = RunQuery.builder()
                .project(project)
                .workflowName("nightly-" + key)
                .states(RunState.FAILED, RunState.CANCELLED)
                .trigger("cron-" + key)
                .target(Target.of("target-" + key))
                .deliveryId("delivery-" + key)
                .parentRunId(parent.id())
                .errorCategory(Failure.Category.CONNECTIVITY)
                .from(at)
                .to(at.plusSeconds(1))
                .reasonContains("FULL")
                .build();
        assertThat(store.history().page(all).runs()).extracting(WorkflowRun::id).containsExactly(wanted.id());
        assertThat(store.history()
                        .page(all.toBuilder().states(RunState.QUEUED).build())
                        .runs())
                .isEmpty();
        assertThat(store.history()
                        .page(all.toBuilder().reasonContains("100%_").build())
                        .runs())
                .as("no text is a pattern")
                .isEmpty();
        assertThat(store.history().page(all.toBuilder().to(at).build()).runs())
                .as("to is exclusive")
                .isEmpty();
    }

    @Test
    final void listsHaveNoPayloads() {
        WorkflowRun parent = runIn(RunState.RUNNING);
        NewRun child = ofProject()
                .parentRunId(parent.id())
                .trigger(Trigger.of("push").details(Payload.json("{}")).payload(Payload.json("{\"a\":1}")))
                .build();
        dispatched(child);
        WorkflowRun inPage = store.history()
                .page(RunQuery.builder().project(project).build())
                .runs()
                .get(0);
        assertThat(inPage).isEqualTo(reread(child.id()).withoutPayloads());
        assertThat(inPage.request().trigger().payload()).isNull();
        assertThat(store.history().children(parent.id())).containsExactly(inPage);
    }

    @Test
    final void aQueryThatNoStoreCouldAnswerIsNamed() {
        assertThatThrownBy(() -> RunQuery.builder().limit(0).build()).hasMessage("limit is 0, expected 1 to 200");
        assertThatThrownBy(() -> RunQuery.builder().limit(201).build()).hasMessage("limit is 201, expected 1 to 200");
        for (String broken :
                List.of("", "_", "abc", "12x_id", "'; DROP TABLE ledger_run; --", "99999999999999999999_x")) {
            assertThatThrownBy(() -> RunQuery.builder().after(broken))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("after is no position of a page");
        }
    }

    @Test
    final void aSnapshotCountsWhatIsInFlightAndWhatFails() {
        String workflow = "workflow-" + newId();
        NewRun.Builder asked = NewRun.builder(workflow).taskQueue("q-1");
        dispatched(asked.id(newId()).build());
        WorkflowRun oldest = store.history()
                .page(RunQuery.builder().workflowName(workflow).build())
                .runs()
                .get(0);
        dispatched(asked.id(newId()).build());
        RunId running = dispatched(asked.id(newId()).build()).id();
        applied(Change.start(running, WORKER));
        NewRun failing = asked.id(newId()).target("a").build();
        dispatched(failing);
        applied(Change.fail(failing.id(), Failure.of("x")));
        NewRun healed = asked.id(newId()).target("b").build();
        dispatched(healed);
        applied(Change.fail(healed.id(), Failure.of("x")));
        RunId good = dispatched(asked.id(newId()).target("b").build()).id();
        applied(Change.start(good, WORKER));
        applied(Change.succeed(good));

        RunStatistics.Snapshot snapshot = store.history().snapshot(Duration.ofDays(1));
        List<RunStatistics.Group> groups = snapshot.inFlight().stream()
                .filter(group -> group.workflowName().equals(workflow))
                .toList();
        assertThat(groups)
                .extracting(RunStatistics.Group::state, RunStatistics.Group::count, RunStatistics.Group::taskQueue)
                .containsExactlyInAnyOrder(tuple(RunState.QUEUED, 2L, "q-1"), tuple(RunState.RUNNING, 1L, "q-1"));
        assertThat(groups)
                .filteredOn(group -> group.state() == RunState.QUEUED)
                .extracting(RunStatistics.Group::since)
                .containsExactly(oldest.times().queuedAt());
        assertThat(snapshot.failing()).containsEntry(workflow, 1L);
        assertThat(store.history().snapshot(Duration.ZERO).failing()).doesNotContainKey(workflow);
        assertThat(snapshot.at()).isAfterOrEqualTo(oldest.times().queuedAt());
    }

    final NewRun.Builder ofProject() {
        return NewRun.builder("review").id(newId()).project(project);
    }
}
