package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.fail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The part of {@link RunHistoryContract} that is about many runs at once: pages and filters. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class RunPageContract extends RunStatisticsContract {
    /** Used by the contract alone. */
    RunPageContract() {}

    @Test
    final void pagesReachEveryRunOnceNewestFirst() {
        List<RunId> made = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            made.add(dispatched(ofProject()).id());
        }
        List<WorkflowRun> read = new ArrayList<>();
        RunQuery query = RunQuery.builder().project(project).limit(5).build();
        RunHistory.Page page = store.history().page(query);
        read.addAll(page.runs());
        while (page.next().isPresent()) {
            dispatched(ofProject()); // what is added meanwhile moves nothing
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
    final void readsThatAreGivenEnoughTimeReadTheSame() {
        RunId id = dispatched(ofProject()).id();
        RunQuery query = RunQuery.builder().project(project).build();
        RunHistory inTime = store.history().within(Duration.ofMinutes(1));
        assertThat(inTime.run(id)).isEqualTo(store.history().run(id));
        assertThat(inTime.page(query)).isEqualTo(store.history().page(query));
    }

    @Test
    final void aPageThatIsExactlyFullIsTheLast() {
        for (int i = 0; i < 4; i++) {
            dispatched(ofProject());
        }
        RunHistory.Page page = store.history()
                .page(RunQuery.builder().project(project).limit(4).build());
        assertThat(page.runs()).hasSize(4);
        assertThat(page.next()).isEmpty();
    }

    @Test
    final void everyFilterFindsItsRunsAndNoOthers() {
        WorkflowRun parent = dispatched(ofProject());
        String key = newId().value();
        NewRun asked = NewRun.of("nightly-" + key)
                .id(newId())
                .project(project)
                .target("target-" + key)
                .trigger(Trigger.of("cron-" + key).deliveryId("delivery-" + key))
                .parentRunId(parent.id());
        WorkflowRun wanted = dispatched(asked);
        applied(fail(wanted.id(), Failure.of("The Disk is FULL \u00c4 " + key, Failure.Category.CONNECTIVITY)));
        WorkflowRun other = dispatched(ofProject());
        applied(fail(other.id(), Failure.of("something else", Failure.Category.BUG)));
        Instant at = wanted.times().queuedAt();

        Map<String, RunQuery.Builder> filters = Map.of(
                "workflowName", RunQuery.builder().workflowName("nightly-" + key),
                "target", RunQuery.builder().target(Target.of("target-" + key)),
                "trigger", RunQuery.builder().trigger("cron-" + key),
                "deliveryId", RunQuery.builder().deliveryId("delivery-" + key),
                "parentRunId", RunQuery.builder().parentRunId(parent.id()),
                "errorCategory", ofThisProject().errorCategory(Failure.Category.CONNECTIVITY),
                "reasonContains", ofThisProject().reasonContains("disk is full \u00c4 " + key),
                "states and times",
                        ofThisProject().states(RunState.FAILED).from(at).to(at.plusNanos(1_000)));
        filters.forEach((name, filter) -> assertThat(
                        store.history().page(filter.build()).runs())
                .as(name)
                .extracting(WorkflowRun::id)
                .contains(wanted.id())
                .doesNotContain(other.id(), parent.id()));
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

    private RunQuery.Builder ofThisProject() {
        return RunQuery.builder().project(project);
    }

    @Test
    final void listsHaveNoPayloads() {
        WorkflowRun parent = runIn(RunState.RUNNING);
        NewRun child = ofProject()
                .parentRunId(parent.id())
                .trigger(Trigger.of("push").details(Payload.json("{}")).payload(Payload.json("{\"a\":1}")));
        RunId id = dispatched(child).id();
        WorkflowRun inPage = store.history()
                .page(RunQuery.builder().project(project).build())
                .runs()
                .get(0);
        assertThat(inPage).isEqualTo(reread(id).withoutPayloads());
        assertThat(inPage.request().trigger().orElseThrow().payload()).isEmpty();
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
                    .hasMessageStartingWith("after is not the position of a page");
        }
    }
}
