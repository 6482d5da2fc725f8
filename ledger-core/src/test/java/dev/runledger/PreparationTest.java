package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.context.ContextCarrier;
import dev.runledger.event.EventFields;
import dev.runledger.failure.Failure;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.PayloadStore;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls bring is checked, redacted and cut before anything is stored. */
class PreparationTest {
    private final Recorder recorder = new Recorder();
    private final Ledger ledger = Ledger.builder().sink(recorder).build();

    @AfterEach
    void close() {
        ledger.close();
    }

    // ---- names

    @Test
    void badNamesAreRefusedAtTheCallAndNamed() {
        RunId id = RunId.of("a");
        assertThatThrownBy(() -> NewRun.of(" ")).hasMessageContaining("workflowName is blank");
        assertThatThrownBy(() -> NewRun.of("a").target("x\ny")).hasMessageContaining("U+000A at position 1");
        assertThatThrownBy(() -> RunId.of("a b")).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> ledger.start(id, "")).hasMessageContaining("worker is ''");
        for (String owned : new String[] {"durationMs", "message"}) {
            CallOptions options = CallOptions.customFields(EventFields.of().put(owned, 3));
            assertThatThrownBy(() -> ledger.succeed(id, options)).hasMessageContaining(owned);
        }
        assertThatThrownBy(() -> ledger.succeed(id, CallOptions.idempotencyKey("")))
                .hasMessageContaining("idempotencyKey");
        assertThatThrownBy(() -> Limits.standard().fields(3)).hasMessageContaining("fields is 3");
        assertThatThrownBy(() -> ledger.dispatch(NewRun.of("a").oncePerDelivery(true)))
                .hasMessageContaining("deliveryId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password=hunter2", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"})
    void aNameThatShowsASecretIsRefusedAndNotRepeated(String secret) {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.start(id, "worker-1").orElseThrow();
        Map<String, ThrowingCallable> calls = Map.of(
                "workflowName", () -> ledger.dispatch(NewRun.of(secret)),
                "project", () -> ledger.dispatch(NewRun.of("review").project(secret)),
                "taskQueue", () -> ledger.handOff(id, NewRun.of("fix").taskQueue(secret)),
                "workflowVersion", () -> ledger.refuse(NewRun.of("fix").workflowVersion(secret), "no"),
                "taskName", () -> ledger.tasks().start(id, NewTask.of(secret)),
                "verb", () -> ledger.tasks().skip(id, NewTask.of("fetch").verb(secret), "no"),
                "instrument", () -> ledger.tasks().start(id, NewTask.of("fetch").instrument(secret)));
        calls.forEach((what, call) -> assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(what + " is '")
                .hasMessageContaining("[redacted]")
                .hasMessageNotContainingAny("hunter2", "abcdefghij"));
        assertThat(ledger.history().events(id)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            PASS:hunter2                                      | a value under 'PASS', the name of a secret
            my.apiKey=k-1                                     | allowName("my.apiKey")
            ghp_abcdefghijklmnopqrstuvwxyz0123456789          | a GitHub token, unless disableShape("github-token")
            -----BEGIN RSA PRIVATE KEY-----MIIB               | a private key, unless disableShape("private-key")
            paid 4111 1111 1111 1111                          | a payment card number
            tool --password x                                 | a command line with a secret
            https://ada:hunter2@host/                         | a URL with a password
            jdbc:oracle:thin:scott/tiger@h                    | a URL with a password
            Bearer eyJhbGciOiJIUzI1NiJ9                       | HTTP credentials
            eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln         | a JSON web token
            """)
    void theRefusalOfANameSaysWhichRuleMatched(String name, String rule) {
        assertThatThrownBy(() -> ledger.dispatch(NewRun.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("workflowName is '")
                .hasMessageContaining(": it has what looks like " + (rule.startsWith("allowName") ? "a value" : rule))
                .hasMessageContaining(rule)
                .hasMessageNotContainingAny("hunter2", "k-1", "tiger", "4111", "MIIB", "c2ln");
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        assertThatThrownBy(() -> ledger.start(id, name))
                .hasMessageStartingWith("worker is '")
                .hasMessageContaining(rule);
    }

    @Test
    void whatAFunctionOfTheApplicationMasksIsNamedToo() {
        try (Ledger own = Ledger.builder()
                .sink(recorder)
                .redactor(Redactor.builder()
                        .also(text -> text.replace("moonshot", "[redacted]"))
                        .build())
                .build()) {
            assertThatThrownBy(() -> own.dispatch(NewRun.of("moonshot")))
                    .hasMessageContaining("it has what a function of the redactor masks");
        }
    }

    @Test
    void whatLooksLikeASecretAndIsNoneCanBeAllowed() {
        String name = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
        assertThatThrownBy(() -> ledger.dispatch(NewRun.of("token=refresh")))
                .hasMessageContaining("allowName(\"token\")");
        Redactor.Builder allowing =
                Redactor.builder().allowName("token").allowText("secret=rotate").disableShape("github-token");
        try (Ledger open =
                Ledger.builder().sink(recorder).redactor(allowing.build()).build()) {
            assertThat(open.dispatch(NewRun.of("token=refresh"))).isInstanceOf(Dispatch.Queued.class);
            assertThat(open.dispatch(NewRun.of("secret=rotate"))).isInstanceOf(Dispatch.Queued.class);
            assertThat(open.dispatch(NewRun.of(name))).isInstanceOf(Dispatch.Queued.class);
        }
    }

    /** The last digit of the second is the check digit that a card number would have. */
    @ParameterizedTest
    @ValueSource(strings = {"5678901234515", "5678901234516", "5678901234524"})
    void aLongNumberIsAnIdLikeAnyOther(String number) {
        NewRun run = NewRun.of("import")
                .project(number)
                .target("shop/orders/" + number)
                .trigger(Trigger.of("webhook").deliveryId(number))
                .oncePerDelivery(true);
        WorkflowRun queued =
                ledger.dispatch(run, CallOptions.idempotencyKey(number)).orElseThrow();
        ledger.start(queued.id(), number).orElseThrow();
        assertThat(queued.request().deliveryId()).contains(number);
        assertThat(queued.target()).contains(Target.of("shop/orders/" + number));
        assertThat(recorder.eventsOf(queued.id()).get(1).fields())
                .containsEntry("project", number)
                .containsEntry("target", "shop/orders/" + number)
                .containsEntry("deliveryId", number)
                .containsEntry("workerId", number);
    }

    // ---- texts

    @Test
    void theTextsOfAFailureAreCleanedBeforeTheyAreStored() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        Failure failure = Failure.builder("broken")
                .error("py.Error", "password=hunter2\n", "at\nline")
                .build();
        ledger.fail(id, failure).orElseThrow();
        Failure kept = ledger.history().run(id).orElseThrow().failure().orElseThrow();
        assertThat(kept.errorMessage()).contains("password=[redacted] ");
        assertThat(kept.errorStack()).contains("at line");
    }

    @Test
    void theContextOfARunAndThePermissionsOfATaskAreKeptWithoutSecrets() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        NewRun run = NewRun.of("review")
                .context(
                        Map.of("traceparent", trace, "baggage", "user=1,password=hunter2", "authorization", "hunter2"));
        WorkflowRun queued = ledger.dispatch(run).orElseThrow();
        assertThat(queued.request().context())
                .containsEntry("traceparent", trace)
                .containsEntry("baggage", "user=1,password=[redacted]")
                .containsEntry("authorization", "[redacted]");
        NewTask asked = NewTask.of("build", NewTask.Kind.TOOL).permissions(Set.of("read", "push:token=hunter2"));
        TaskRun task = ledger.tasks().start(queued.id(), asked).orElseThrow();
        assertThat(task.request().permissions()).containsExactlyInAnyOrder("read", "push:token=[redacted]");
    }

    // ---- imports

    @Test
    void everyPartOfAnImportIsRedactedAndNoContextIsCaptured() {
        Instant then = Instant.parse("2019-05-06T07:08:09Z");
        NewRun asked = NewRun.of("import")
                .id(RunId.of("old-1"))
                .target("acme password=hunter2")
                .trigger(Trigger.of("push").payload(Payload.json("{\"password\":\"hunter2\"}")));
        NewTask build = NewTask.of("build")
                .id(TaskId.of("build-1"))
                .permissions(Set.of("push:token=hunter2"))
                .input(Payload.json("{\"password\":\"hunter2\"}"));
        Failure failure = Failure.of("password=hunter2", new IllegalStateException("password=hunter2"));
        Wait wait = Wait.of(Wait.Code.CALLBACK).reason("password=hunter2").correlationKey("password=hunter2");
        Resumption resumption = Resumption.of("password=hunter2", "password=hunter2")
                .correlationKey("password=hunter2")
                .payload(Payload.json("{\"password\":\"hunter2\"}"));
        RunImport old = RunImport.of(asked, then)
                .started(then, "worker-1")
                .requeued(then, "password=hunter2", "token=hunter2")
                .started(then, "worker-2")
                .suspended(then, wait)
                .resumed(then, resumption)
                .task(
                        build,
                        then,
                        attempts -> attempts.failed(
                                then, failure, TaskRun.Result.of(Payload.json("{\"password\":\"hunter2\"}"))))
                .skipped(NewTask.of("score").id(TaskId.of("score-1")), then, "password=hunter2")
                .failed(then, failure);
        try (Ledger carrying = Ledger.builder()
                .sink(recorder)
                .carrier(new ContextCarrier() {
                    @Override
                    public Map<String, String> capture() {
                        return Map.of("here", "now");
                    }

                    @Override
                    public Scope restore(WorkflowRun run) {
                        return Scope.NOOP;
                    }
                })
                .build()) {
            WorkflowRun run = carrying.importRun(old).orElseThrow();
            assertThat(run.request().context()).isEmpty();
            assertThat(run.latestWait().orElseThrow().context()).isEmpty();
            assertThat(run.resumption().orElseThrow().context()).isEmpty();
            assertThat(run.reason()).contains("password=[redacted]");
            assertThat(run.resumption().flatMap(Resumption::payload).flatMap(Payload::json))
                    .contains("{\"password\":\"[redacted]\"}");
            assertThat(run.resumption().flatMap(Resumption::correlationKey))
                    .isEqualTo(run.latestWait().flatMap(Wait::correlationKey));
            String kept = run
                    + carrying.history().events(run.id()).toString()
                    + run.request().trigger().flatMap(Trigger::payload).flatMap(Payload::json)
                    + run.latestWait()
                    + run.resumption()
                    + run.failure().flatMap(Failure::errorMessage)
                    + carrying.history().tasks(run.id()).stream()
                            .map(task -> task.request().permissions()
                                    + task.request()
                                            .input()
                                            .flatMap(Payload::json)
                                            .toString()
                                    + task.result()
                                            .flatMap(TaskRun.Result::output)
                                            .flatMap(Payload::json)
                                    + task.failure().flatMap(Failure::errorMessage)
                                    + task.reason())
                            .toList();
            assertThat(kept).contains("[redacted]").doesNotContain("hunter2");
            assertThat(recorder.events()).isEmpty();
            assertThat(carrying.calls())
                    .containsEntry(StoreCommand.Call.IMPORT, Map.of(CallOutcome.Result.APPLIED, 1L));
        }
    }

    @Test
    void aNameOfAnImportThatShowsASecretIsRefused() {
        Instant then = Instant.parse("2019-05-06T07:08:09Z");
        NewRun asked = NewRun.of("import").id(RunId.of("old-1"));
        assertThatThrownBy(() -> ledger.importRun(RunImport.of(asked, then).started(then, "password=hunter2")))
                .hasMessageStartingWith("worker is '")
                .hasMessageNotContaining("hunter2");
        NewTask task = NewTask.of("password=hunter2").id(TaskId.of("build-1"));
        assertThatThrownBy(() -> ledger.importRun(RunImport.of(asked, then).task(task, then)))
                .hasMessageStartingWith("taskName is '")
                .hasMessageNotContaining("hunter2");
        assertThat(ledger.history().run(RunId.of("old-1"))).isEmpty();
    }

    // ---- payloads

    private static Payload kept(Ledger ledger, String json) {
        NewRun run = NewRun.of("review").trigger(Trigger.of("push").payload(Payload.json(json)));
        return ledger.dispatch(run)
                .orElseThrow()
                .request()
                .trigger()
                .flatMap(Trigger::payload)
                .orElseThrow();
    }

    @Test
    void aPayloadIsRedactedAndALargeOneIsKeptElsewhereWhole(@TempDir Path folder) {
        try (Ledger keeping = Ledger.builder()
                .sink(recorder)
                .payloadStore(PayloadStore.inFolder(folder))
                .build()) {
            String large = "{\"password\":\"hunter2\",\"text\":\"" + "x".repeat(20_000) + "\"}";
            Payload kept = kept(keeping, large);
            assertThat(kept.json()).isEmpty();
            assertThat(kept.reference().orElseThrow()).startsWith("res://sha-256/");
            assertThat(keeping.payload(kept).orElseThrow())
                    .startsWith("{\"password\":\"[redacted]\"")
                    .hasSize((int) kept.size());
            assertThat(kept(keeping, "{\"a\":1}").json()).contains("{\"a\":1}");
        }
    }

    @Test
    void withoutAPayloadStoreTheRowKeepsAHeadItsSizeAndItsDigest() {
        Payload kept = kept(ledger, "{\"text\":\"" + "\u00fc".repeat(20_000) + "\"}");
        assertThat(kept.truncated()).isTrue();
        assertThat(kept.size()).isEqualTo(40_011);
        assertThat(kept.digest().orElseThrow()).startsWith("sha-256:").hasSize(72);
        assertThat(kept.json().orElseThrow())
                .startsWith("{\"text\":\"\u00fc\u00fc")
                .hasSizeLessThan(16_384);
        assertThat(ledger.payload(kept)).isEmpty();
    }

    @Test
    void aPayloadThatIsNoJsonIsRefusedBeforeAnythingIsStored() {
        assertThatThrownBy(() -> kept(ledger, "{\"token\": oops}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("payload is not JSON")
                .hasMessageContaining("line 1")
                .hasMessageNotContaining("oops");
        assertThat(recorder.events()).isEmpty();
    }
}
