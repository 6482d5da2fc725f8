package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.store.LeaseStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests what every {@link LeaseStore} promises. A test of a store extends this class and supplies {@link #newStore()}. A lease or a heartbeat
 * that has to be over is a short one, for whose end the test waits.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class LeaseStoreContract {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final String job = "job-" + UUID.randomUUID();
    private final String instance = "instance-" + UUID.randomUUID();
    private LeaseStore store;

    /** Used by subclasses. */
    protected LeaseStoreContract() {}

    /** Returns a store that is empty, or that holds nothing of the names that a test makes. */
    protected abstract LeaseStore newStore();

    @BeforeEach
    final void openStore() {
        store = newStore();
    }

    // ---- leases

    @Test
    final void oneHolderHasALease() {
        assertThat(store.lease(job, "a", LONG)).isTrue();
        assertThat(store.lease(job, "b", LONG)).isFalse();
        assertThat(store.lease("other-" + job, "b", LONG)).isTrue();
    }

    @Test
    final void itsHolderRenewsALease() {
        assertThat(store.lease(job, "a", SHORT)).isTrue();
        assertThat(store.lease(job, "a", LONG)).isTrue();
        assertThat(store.lease(job, "b", LONG)).isFalse();
        assertThat(store.lease(job, "a", LONG)).isTrue();
    }

    @Test
    final void aLeaseThatIsOverIsTakenByAnotherHolder() {
        assertThat(store.lease(job, "a", SHORT)).isTrue();
        Eventually.isTrue(() -> store.lease(job, "b", LONG));
        assertThat(store.lease(job, "a", LONG)).isFalse();
    }

    @Test
    final void aLeaseThatIsOverIsRenewedByItsHolder() {
        assertThat(store.lease(job, "a", Duration.ZERO)).isTrue();
        assertThat(store.lease(job, "a", LONG)).isTrue();
        assertThat(store.lease(job, "b", LONG)).isFalse();
    }

    @Test
    final void aLeaseThatIsGivenBackIsFree() {
        assertThat(store.lease(job, "a", LONG)).isTrue();
        store.release(job, "a");
        assertThat(store.lease(job, "b", LONG)).isTrue();
    }

    @Test
    final void whoDoesNotHaveALeaseDoesNotGiveItBack() {
        assertThat(store.lease(job, "a", LONG)).isTrue();
        store.release(job, "b");
        store.release("other-" + job, "b");
        assertThat(store.lease(job, "b", LONG)).isFalse();
    }

    @Test
    final void whoGaveALeaseBackDoesNotEndTheNextOne() {
        assertThat(store.lease(job, "a", LONG)).isTrue();
        store.release(job, "a");
        assertThat(store.lease(job, "b", LONG)).isTrue();
        store.release(job, "a");
        assertThat(store.lease(job, "c", LONG)).isFalse();
    }

    @Test
    final void oneOfManyThatComeAtOnceGetsTheLease() throws Exception {
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String holder = "holder-" + i;
            calls.add(() -> store.lease(job, holder, LONG));
        }
        assertThat(Collections.frequency(AtOnce.call(calls), true)).isEqualTo(1);
    }

    // ---- heartbeats

    @Test
    final void aProcessIsKnownFromItsFirstHeartbeatOn() {
        assertThat(store.heartbeat(instance, LONG)).isFalse();
        assertThat(store.heartbeat(instance, LONG)).isTrue();
        assertThat(store.lostInstances()).doesNotContain(instance);
        assertThat(store.instances()).isPositive();
    }

    @Test
    final void aProcessThatIsSilentForLongerThanItSaidIsLost() {
        String other = "other-" + instance;
        assertThat(store.heartbeat(other, SHORT)).isFalse();
        Eventually.isTrue(() -> store.lostInstances().contains(other));
        assertThat(store.heartbeat(instance, SHORT)).isFalse();
        Eventually.isTrue(() -> store.lostInstances().contains(instance));
        assertThat(store.lostInstances())
                .filteredOn(id -> id.endsWith(instance))
                .as("the longest first")
                .containsExactly(other, instance);
    }

    @Test
    final void aProcessThatIsAliveAgainIsNotLost() {
        assertThat(store.heartbeat(instance, SHORT)).isFalse();
        Eventually.isTrue(() -> store.lostInstances().contains(instance));
        assertThat(store.heartbeat(instance, LONG)).isTrue();
        assertThat(store.lostInstances()).doesNotContain(instance);
    }

    @Test
    final void aProcessThatWasRemovedIsNotKnown() {
        assertThat(store.heartbeat(instance, SHORT)).isFalse();
        Eventually.isTrue(() -> store.lostInstances().contains(instance));
        store.removeInstance(instance);
        store.removeInstance(instance);
        assertThat(store.lostInstances()).doesNotContain(instance);
        assertThat(store.heartbeat(instance, LONG)).isFalse();
        store.removeInstance(instance);
    }
}
