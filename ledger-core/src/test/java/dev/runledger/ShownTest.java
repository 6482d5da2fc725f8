package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a debugger or a careless log line shows of a request: ids, sizes and references, and nothing that nobody has redacted yet. */
class ShownTest {
    private static final String SECRET = "hunter2-SECRET";
    private static final String BODY = "{\"password\":\"" + SECRET + "\"}";
    private static final Payload PAYLOAD = Payload.json(BODY);
    private static final RunId ID = RunId.of("r-1");
    private static final TaskId TASK = TaskId.of("t-1");
    private static final Map<String, String> CONTEXT = Map.of("token", SECRET);
    private static final Head HEAD = Head.of(SECRET, EventFields.of().put("password", SECRET))
            .actor(SECRET)
            .expectedClaim(SECRET);
    private static final Trigger TRIGGER =
            Trigger.of(SECRET).deliveryId(SECRET).actor(SECRET).details(PAYLOAD).payload(PAYLOAD);
    private static final NewRun RUN = NewRun.of("review")
            .id(ID)
            .project(SECRET)
            .workflowVersion(SECRET)
            .target(SECRET)
            .taskQueue(SECRET)
            .trigger(TRIGGER)
            .context(CONTEXT);
    private static final Wait WAIT =
            Wait.of(Wait.Code.CALLBACK).reason(SECRET).correlationKey(SECRET).context(CONTEXT);
    private static final Resumption RESUMPTION = Resumption.of(SECRET, SECRET)
            .payload(PAYLOAD)
            .correlationKey(SECRET)
            .context(CONTEXT);
    private static final Failure FAILURE = Failure.builder(SECRET)
            .cause(new IllegalStateException(SECRET, new RuntimeException(SECRET)))
            .error("com.example.Broken", SECRET, "at " + SECRET)
            .build();
    private static final NewTask STEP =
            NewTask.of("fetch").id(TASK).input(PAYLOAD).permissions(Set.of(SECRET));
    private static final TaskRun.Result RESULT = TaskRun.Result.of(PAYLOAD);

    static Stream<Object> planted() {
        return Stream.of(
                RUN,
                TRIGGER,
                PAYLOAD,
                Payload.stored(BODY, null, BODY.length(), null, true),
                RESUMPTION,
                FAILURE,
                FAILURE.withoutCause(),
                WAIT,
                STEP,
                RESULT,
                RunOutcome.incomplete(SECRET),
                RunOutcome.failed(FAILURE),
                RunOutcome.suspended(WAIT),
                RunOutcome.handedOff(RUN),
                HEAD,
                CallOptions.idempotencyKey(SECRET).withActor(SECRET).withExpectedClaim(SECRET),
                new StoreCommand.DispatchRun(RUN, HEAD),
                new StoreCommand.ClaimRun(ID, "worker-1", HEAD),
                new RunChange.Start(ID, "worker-1", HEAD),
                new RunChange.Suspend(ID, WAIT, HEAD),
                new RunChange.Resume(ID, RESUMPTION, HEAD),
                new RunChange.Requeue(ID, SECRET, HEAD),
                new RunChange.HandOff(ID, RUN, HEAD),
                new RunChange.Succeed(ID, HEAD),
                new RunChange.Incomplete(ID, SECRET, HEAD),
                new RunChange.Fail(ID, FAILURE, HEAD),
                new RunChange.EnqueueFailed(ID, FAILURE, HEAD),
                new RunChange.Cancel(ID, SECRET, HEAD),
                new TaskChange.Start(ID, STEP, HEAD),
                new TaskChange.Skip(ID, STEP, SECRET, HEAD),
                new TaskChange.Succeed(TASK, RESULT, HEAD),
                new TaskChange.Fail(TASK, FAILURE, RESULT, HEAD),
                new TaskChange.Retry(TASK, HEAD));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("planted")
    void aSecretIsNotShown(Object part) {
        assertThat(part.toString()).doesNotContain(SECRET).doesNotContain("hunter2");
    }

    @Test
    void idsSizesAndReferencesAreShown() {
        assertThat(RUN)
                .hasToString(
                        "NewRun[review, id r-1, target 14 characters, trigger Trigger[name 14 characters,"
                                + " delivery 14 characters, actor 14 characters, details Payload[29 bytes], payload Payload[29 bytes]]]");
        assertThat(NewRun.of("review")).hasToString("NewRun[review, id null, target none, trigger null]");
        assertThat(Payload.stored(null, "res://sha-256/00", 29, "sha-256:00", false))
                .hasToString("Payload[29 bytes, res://sha-256/00, sha-256:00]");
        assertThat(WAIT)
                .hasToString("Wait[CALLBACK, reason 14 characters, deadline null, then REPORT, key 14 characters]");
        assertThat(RESUMPTION)
                .hasToString("Resumption[decision 14 characters, actor 14 characters, key 14 characters,"
                        + " payload Payload[29 bytes]]");
        assertThat(FAILURE).hasToString("Failure[UNKNOWN, reason 14 characters, java.lang.IllegalStateException]");
        assertThat(new RunChange.Cancel(ID, SECRET, HEAD)).hasToString("Cancel[run r-1, reason 14 characters]");
    }
}
