package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.suspend;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunQuery;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The part of {@link RunStoreContract} that is about targets, delivery ids and correlation keys that show a secret: through a ledger,
 * different ones stay different, each is found by its own text, and no secret is kept.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class IdentityContract extends StoreContract {
    private final String unique = newId().value();
    private final RecordingSink sink = new RecordingSink();
    private Ledger ledger;

    /** Used by the contract alone. */
    IdentityContract() {}

    @BeforeEach
    final void openLedger() {
        ledger = ledger();
    }

    @AfterEach
    final void closeLedger() {
        ledger.close();
    }

    private Ledger ledger() {
        return Ledger.builder().store(store).sink(sink).build();
    }

    /** Returns a text that differs from another of these in its secret alone. */
    private String withSecret(String secret) {
        return "https://" + unique + ".example/?token=" + secret;
    }

    private static NewRun once(String deliveryId) {
        return aRun().trigger(Trigger.of("push").deliveryId(deliveryId)).oncePerDelivery(true);
    }

    @Test
    final void theIdentityKeyIsLongRandomAndTheSameEachTime() {
        byte[] key = store.identityKey();
        assertThat(key).hasSize(32).isNotEqualTo(new byte[32]);
        Arrays.fill(key, (byte) 0);
        assertThat(store.identityKey()).as("a copy was given out").isNotEqualTo(key);
        assertThat(store.identityKey()).isEqualTo(store.identityKey());
    }

    @Test
    final void targetsThatDifferInTheirSecretAloneHaveAGuardEach() {
        WorkflowRun a = ledger.dispatch(on(withSecret("A"))).orElseThrow();
        WorkflowRun b = ledger.dispatch(on(withSecret("B"))).orElseThrow();
        assertThat(a.target()).isNotEqualTo(b.target());
        assertThat(ledger.dispatch(on(withSecret("A")))).isInstanceOfSatisfying(Dispatch.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(RefusalCode.IN_FLIGHT);
            assertThat(refused.blocker()).contains(a.id());
        });
        Dispatch again = ledger.dispatch(on(withSecret("B")).id(b.id()));
        assertThat(again).as("the same run again").isInstanceOf(Dispatch.AlreadyQueued.class);
        ledger.cancel(a.id(), "called off").orElseThrow();
        assertThat(ledger.dispatch(on(withSecret("A")))).isInstanceOf(Dispatch.Queued.class);
    }

    @Test
    final void deliveriesThatDifferInTheirSecretAloneAreTakenOnceEach() {
        WorkflowRun a = ledger.dispatch(once(withSecret("A"))).orElseThrow();
        ledger.dispatch(once(withSecret("B"))).orElseThrow();
        assertThat(ledger.dispatch(once(withSecret("A")))).isInstanceOfSatisfying(Dispatch.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(RefusalCode.DUPLICATE_DELIVERY);
            assertThat(refused.blocker()).contains(a.id());
        });
    }

    /** The texts are random, so that no database can make them shorter. */
    @Test
    final void theLongestTextsAreIdentitiesToo() {
        Random random = new Random(42);
        NewRun longest = NewRun.of(longest(random, 128))
                .project(longest(random, 128))
                .target(longest(random, 512))
                .trigger(Trigger.of("push").deliveryId(longest(random, 256)))
                .oncePerDelivery(true);
        WorkflowRun run = ledger.dispatch(longest).orElseThrow();
        assertThat(ledger.dispatch(longest)).isInstanceOfSatisfying(Dispatch.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(RefusalCode.DUPLICATE_DELIVERY);
            assertThat(refused.blocker()).contains(run.id());
        });
        assertThat(ledger.dispatch(longest.oncePerDelivery(false)))
                .isInstanceOfSatisfying(
                        Dispatch.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(RefusalCode.IN_FLIGHT));
        ledger.start(run.id(), longest(random, 128)).orElseThrow();
        NewRun child = longest.oncePerDelivery(false).parentRunId(run.id());
        WorkflowRun after = ledger.dispatch(child).orElseThrow();
        ledger.succeed(run.id()).orElseThrow();
        ledger.cancel(after.id(), "enough").orElseThrow();
        assertThat(ledger.dispatch(longest.oncePerDelivery(false))).isInstanceOf(Dispatch.Queued.class);
    }

    private static String longest(Random random, int length) {
        return random.ints(length, 0x4E00, 0x9FA5)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    final void aRunIsFoundByItsOwnTextAndByWhatIsStored() {
        WorkflowRun run = ledger.dispatch(once(withSecret("D-1")).target(withSecret("T-1")))
                .orElseThrow();
        ledger.dispatch(once(withSecret("D-2")).target(withSecret("T-2"))).orElseThrow();
        String storedDelivery = reread(run.id()).request().deliveryId().orElseThrow();
        Target storedTarget = reread(run.id()).target().orElseThrow();
        for (RunQuery.Builder query : List.of(
                RunQuery.builder().target(Target.of(withSecret("T-1"))),
                RunQuery.builder().target(storedTarget),
                RunQuery.builder().deliveryId(withSecret("D-1")),
                RunQuery.builder().deliveryId(storedDelivery))) {
            assertThat(ledger.history().page(query.build()).runs())
                    .extracting(WorkflowRun::id)
                    .containsExactly(run.id());
        }
    }

    @Test
    final void aCallbackWhoseKeyShowsASecretResumesItsRun() {
        RunId a = waitingFor(withSecret("A"));
        RunId b = waitingFor(withSecret("B"));
        assertThat(ledger.history().waitingFor("", withSecret("A")))
                .map(WorkflowRun::id)
                .contains(a);
        assertThat(ledger.history().waitingFor("", withSecret("C"))).isEmpty();
        Resumption stray = Resumption.of().correlationKey(withSecret("A"));
        assertThat(ledger.resume(b, stray)).isInstanceOf(Transition.Rejected.class);
        Resumption answer = Resumption.of("approved", "ada").correlationKey(withSecret("B"));
        assertThat(ledger.resume(b, answer).isApplied()).isTrue();
        assertThat(ledger.history().waitingFor("", withSecret("B"))).isEmpty();
    }

    private RunId waitingFor(String correlationKey) {
        RunId id = ledger.dispatch(aRun()).orElseThrow().id();
        ledger.start(id, WORKER).orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey(correlationKey))
                .orElseThrow();
        return id;
    }

    @Test
    final void anotherLedgerOnTheStoreMakesTheSameOfTheSameText() {
        WorkflowRun run = ledger.dispatch(on(withSecret("A"))).orElseThrow();
        try (Ledger other = ledger()) {
            assertThat(other.dispatch(on(withSecret("A")))).isInstanceOf(Dispatch.Refused.class);
            RunQuery query =
                    RunQuery.builder().target(Target.of(withSecret("A"))).build();
            assertThat(other.history().page(query).runs())
                    .extracting(WorkflowRun::id)
                    .containsExactly(run.id());
        }
    }

    @Test
    final void noSecretOfAnIdentityIsKeptOrEmitted() {
        NewRun run = once(withSecret("S3cr3t-1")).target(withSecret("S3cr3t-2"));
        WorkflowRun queued = ledger.dispatch(run).orElseThrow();
        assertThat(ledger.dispatch(run.id(newId()))).isInstanceOf(Dispatch.Refused.class);
        ledger.start(queued.id(), WORKER).orElseThrow();
        ledger.suspend(queued.id(), Wait.of(Wait.Code.CALLBACK).correlationKey(withSecret("S3cr3t-3")))
                .orElseThrow();
        List<LedgerEvent> kept = store.history().events(queued.id());
        assertThat(sink.events()).hasSize(kept.size() + 1).containsAll(kept);
        String all = reread(queued.id()) + " "
                + reread(queued.id()).request() + " "
                + reread(queued.id()).latestWait()
                + store.history().refusals(1)
                + sink.events().stream().map(LedgerEvent::toString).collect(Collectors.joining());
        assertThat(all).contains("token=[redacted]~").doesNotContain("S3cr3t");
    }

    // ---- projects

    @Test
    final void twoProjectsCanUseOneCorrelationKey() {
        String key = "key-" + unique;
        for (String project : List.of("one-" + unique, "two-" + unique)) {
            RunId id = dispatched(aRun().project(project)).id();
            applied(start(id, WORKER));
            applied(suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
            assertThat(store.history().waitingFor(project, key))
                    .map(WorkflowRun::id)
                    .contains(id);
        }
        assertThat(store.history().waitingFor("", key)).isEmpty();
    }
}
