package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.CANCELLED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.event.WorkflowRunEvent.SUSPENDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.TaskId;
import dev.runledger.run.Trigger;
import dev.runledger.testkit.Breach;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.RecordingSink;
import java.beans.EventHandler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What production only counts fails a test, and names the line. */
class StrictTest {
    private LedgerKit kit = LedgerKit.builder().name("t").build();

    private WorkflowRunEvents events() {
        return kit.events();
    }

    private static EventFields queued(String id) {
        return EventFields.of().runId(id).workflowName("review");
    }

    private static EventFields running(String id) {
        return queued(id).queueWait(Duration.ZERO).workerId("w");
    }

    private static EventFields ended(String id) {
        return queued(id).duration(Duration.ZERO).queueWait(Duration.ZERO).suspended(Duration.ZERO);
    }

    private String breaches() {
        return String.join(
                "\n",
                kit.breaches().stream()
                        .map(each -> Messages.plain(each.toString()))
                        .toList());
    }

    private static String at(String method) {
        return "\n  at dev.runledger.kit.StrictTest.%s(StrictTest.java:#)".formatted(method);
    }

    @Test
    void nothingIsWrongWithAnOrdinaryRun() {
        RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
        kit.ledger().execute(id, "w", run -> {
            run.task("read", task -> 1);
            return RunOutcome.succeeded();
        });
        kit.ledger().succeed(id);
        kit.verify();
    }

    @Test
    void aMissingFieldAndOneThatIsNotFree() {
        events().log(SUSPENDED, queued("r-1").put("level", "x").put(EventField.REASON_CODE, 5));
        assertThat(breaches())
                .isEqualTo("VIOLATION: workflow.run.suspended of run r-1 says level is a name that log encoders own;"
                        + " reasonCode is a java.lang.Long, expected TEXT; missing reason"
                        + at("aMissingFieldAndOneThatIsNotFree"));
    }

    @Test
    void theFailureHasTheHistoryAndBeginsAtTheHostsLine() {
        events().log(SUSPENDED, queued("r-1").put("number", 1));
        AssertionError failed = catchThrowableOfType(AssertionError.class, kit::verify);
        assertThat(Messages.plain(failed.getMessage())).isEqualTo("""
                        Production would only have counted this:

                          1. VIOLATION: workflow.run.suspended of run r-1 says missing reason
                          at dev.runledger.kit.StrictTest.theFailureHasTheHistoryAndBeginsAtTheHostsLine(StrictTest.java:#)

                          #  event  id  after  thread  emitted at  fields
                          1  workflow.run.suspended  t-1  0.000 s  main  StrictTest.java:#  number=1 contractViolation=missing reason""");
        assertThat(failed.getStackTrace()[0].getMethodName())
                .isEqualTo("theFailureHasTheHistoryAndBeginsAtTheHostsLine");
        assertThat(failed.getStackTrace()[0].getFileName()).isEqualTo("StrictTest.java");
    }

    @Test
    void aFieldThatNobodyKnows() {
        kit = LedgerKit.builder().name("t").onlyCustomFields("prNumber").build();
        events().log(QUEUED, queued("r-1").put("prNumber", 1).put("prNumer", 1));
        assertThat(breaches())
                .isEqualTo(
                        "UNKNOWN_FIELD: workflow.run.queued of run r-1 has custom fields that the test does not allow: prNumer"
                                + at("aFieldThatNobodyKnows"));
    }

    @Test
    void anIllegalOrder() {
        events().log(QUEUED, queued("r-1"));
        events().log(SUCCEEDED, ended("r-1"));
        assertThat(breaches())
                .isEqualTo(
                        "ORDER: workflow.run.succeeded of run r-1 does not follow from QUEUED" + at("anIllegalOrder"));
    }

    @Test
    void whatFollowsAnEnd() {
        events().log(SUCCEEDED, ended("r-1"));
        events().log(SUCCEEDED, ended("r-1"));
        events().log(
                        COMPLETED,
                        queued("r-1").put(EventField.OUTCOME, "succeeded").duration(Duration.ZERO));
        events().log(
                        TaskRunEvent.STARTED,
                        queued("r-1")
                                .taskId(TaskId.of("k"))
                                .put(EventField.TASK_NAME, "read")
                                .put(EventField.VERB, "read")
                                .put(EventField.TASK_KIND, "task")
                                .put(EventField.ATTEMPT, 1));
        assertThat(breaches())
                .isEqualTo("ORDER: workflow.run.succeeded of run r-1 does not follow from SUCCEEDED"
                        + at("whatFollowsAnEnd")
                        + "\nORDER: workflow.run.completed of run r-1 echoes an end that was echoed before"
                        + at("whatFollowsAnEnd")
                        + "\nORDER: workflow.run.completed of run r-1 echoes an end that was echoed before"
                        + at("whatFollowsAnEnd")
                        + "\nORDER: workflow.task.started of run r-1 of task k was emitted after its run was SUCCEEDED"
                        + at("whatFollowsAnEnd"));
    }

    @Test
    void anEchoOfNothing() {
        events().log(QUEUED, queued("r-1"));
        events().log(
                        COMPLETED,
                        queued("r-1").put(EventField.OUTCOME, "succeeded").duration(Duration.ZERO));
        assertThat(breaches())
                .isEqualTo("ORDER: workflow.run.completed of run r-1 echoes no end: the run is QUEUED"
                        + at("anEchoOfNothing"));
    }

    @Test
    void anOrderOfTasks() {
        kit.ledger();
        EventFields attempt = queued("r-1")
                .taskId(TaskId.of("k"))
                .put(EventField.TASK_NAME, "read")
                .put(EventField.VERB, "read")
                .put(EventField.TASK_KIND, "task")
                .put(EventField.ATTEMPT, 1);
        events().log(TaskRunEvent.STARTED, attempt);
        events().log(TaskRunEvent.STARTED, attempt);
        assertThat(breaches())
                .isEqualTo("ORDER: workflow.task.started of run r-1 of task k does not follow from RUNNING"
                        + at("anOrderOfTasks"));
    }

    @Test
    void anEventThatIsMissingByItsSeq() {
        events().log(QUEUED, queued("r-1").put(EventField.SEQ, 1));
        events().log(CANCELLED, ended("r-1").reason("off").put(EventField.SEQ, 3));
        assertThat(breaches())
                .isEqualTo(
                        "ORDER: workflow.run.cancelled of run r-1 has seq 3 and comes after seq 1: what is between was never emitted"
                                + at("anEventThatIsMissingByItsSeq"));
    }

    @Test
    void anExecutionThatIsNumberedLikeTheOneBefore() {
        events().log(RUNNING, running("r-1").put(EventField.EXECUTION, 1));
        events().log(WorkflowRunEvent.REQUEUED, queued("r-1").reason("a deploy"));
        events().log(RUNNING, running("r-1").put(EventField.EXECUTION, 1));
        assertThat(breaches())
                .isEqualTo("ORDER: workflow.run.running of run r-1 is execution 1 and comes after execution 1"
                        + at("anExecutionThatIsNumberedLikeTheOneBefore"));
    }

    @Test
    void anEventThatOneThreadEmittedTooLate() {
        events().log(RUNNING, running("r-1").put(EventField.SEQ, 2));
        events().log(QUEUED, queued("r-1").put(EventField.SEQ, 1));
        assertThat(breaches())
                .isEqualTo(
                        "ORDER: workflow.run.queued of run r-1 has seq 1 and was emitted after seq 2 by the same thread"
                                + at("anEventThatOneThreadEmittedTooLate"));
    }

    @Test
    void anEventThatIsEmittedTwice() {
        events().log(QUEUED, queued("r-1").put(EventField.SEQ, 1));
        events().log(QUEUED, queued("r-1").put(EventField.SEQ, 1));
        assertThat(breaches())
                .isEqualTo("EMITTED_TWICE: workflow.run.queued of run r-1 was emitted again, as the same event r-1:1"
                        + at("anEventThatIsEmittedTwice"));
    }

    @Test
    void aSecretAndALongValue() {
        events().log(
                        QUEUED,
                        queued("r-1")
                                .put("apiKey", "k")
                                .put("remote", "https://u:pass@example.org")
                                .put("long", "x".repeat(5000)));
        assertThat(breaches())
                .isEqualTo("REDACTED: workflow.run.queued of run r-1 had what looks like a secret in apiKey, remote"
                        + at("aSecretAndALongValue")
                        + "\nTRUNCATED: workflow.run.queued of run r-1 had a value that was too long and was cut"
                        + at("aSecretAndALongValue"));
    }

    @Test
    void aSecretAndALongPayloadThatNoEventShows() {
        Trigger trigger = Trigger.of("webhook")
                .payload(Payload.json("{\"password\":\"p\",\"body\":\"" + "x".repeat(20_000) + "\"}"));
        RunId id = kit.ledger()
                .dispatch(NewRun.of("review").trigger(trigger))
                .orElseThrow()
                .id();
        kit.ledger().start(id, "w").orElseThrow();
        kit.ledger()
                .tasks()
                .start(id, NewTask.of("read").input(Payload.json("{\"token\":\"p\"}")))
                .orElseThrow();
        assertThat(breaches())
                .isEqualTo(
                        "TRUNCATED: workflow.run.queued of run t-1 kept only the head of the trigger's payload, which has 20035 bytes"
                                + at("aSecretAndALongPayloadThatNoEventShows")
                                + "\nREDACTED: workflow.run.queued of run t-1 had what looks like a secret in the trigger's payload"
                                + at("aSecretAndALongPayloadThatNoEventShows")
                                + "\nREDACTED: workflow.task.started of run t-1 had what looks like a secret in a task's input"
                                + at("aSecretAndALongPayloadThatNoEventShows"));
    }

    @Test
    void aSecretInACallThatEmittedNothing() {
        RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
        kit.ledger().cancel(RunId.of("nobody"), "password=p");
        assertThat(breaches()).isEqualTo("REDACTED: counted, but shown by no event: 1");
        kit.tolerate(Breach.Kind.REDACTED).verify();
        assertThat(id.value()).isEqualTo("t-1");
    }

    @Test
    void eventsOfTheApplication() {
        RecordingSink recorder = new RecordingSink();
        try (WorkflowRunEvents given =
                WorkflowRunEvents.builder().sink(recorder).build()) {
            given.log(SUSPENDED, queued("before"));
            kit = LedgerKit.around(given, recorder);
            assertThat(kit.breaches()).isEmpty();
            given.log(SUSPENDED, queued("r-1"));
            assertThat(kit.breaches()).extracting(Breach::kind).containsExactly(Breach.Kind.VIOLATION);
            kit.close();
            given.log(SUSPENDED, queued("after"));
            assertThat(recorder.events()).hasSize(2);
        }
    }

    @Test
    void whatIsEmittedOnAnotherThreadIsSeenThere() throws Exception {
        Thread other = new Thread(StrictTest.this::emitsNothingOfUse, "pool-1");
        other.start();
        other.join();
        assertThat(breaches()).contains("missing reason").endsWith(at("emitsNothingOfUse"));
        assertThat(kit.recorder().events()).hasSize(1);
    }

    private void emitsNothingOfUse() {
        events().log(SUSPENDED, queued("r-1").put("number", 1));
    }

    /** Made public for {@code EventHandler}, which stands for the glue of a framework. */
    public static final class Order {
        /** Returns the run that imports the order. */
        public NewRun getRun() {
            return NewRun.of("review");
        }
    }

    /** Has a generated class in this package, since it is not public. */
    interface Inbox {
        void place(Order order);
    }

    @Test
    void aLineOfGeneratedCodeIsNotTheApplications() {
        Inbox inbox = EventHandler.create(Inbox.class, kit.ledger(), "dispatch", "run");
        inbox.place(new Order());
        assertThat(Messages.of(() -> assertThat(kit.recorder()).emittedNothing()))
                .contains("workflow.run.queued  t-1:1  0.000 s  main  StrictTest.java:#");
    }
}
