package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.EventField;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.RetryPolicy.Backoff;
import dev.runledger.run.RunId;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits for the end of a run in a store that does not answer. */
class AwaitInTimeTest {
    private static final Backoff OFTEN = Backoff.constant(Duration.ofMillis(5));

    private final Recorder recorder = new Recorder();
    private final Silent store = new Silent();
    private final Ledger ledger = Ledger.builder().store(store).sink(recorder).build();
    private final RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();

    @AfterEach
    void close() {
        ledger.close();
    }

    /** Keeps runs in memory; a read of a name that is silent fails when the time is over that it was given. */
    private static final class Silent implements RunStore {
        private final RunStore store = RunStore.inMemory();
        private final List<Duration> limits = new CopyOnWriteArrayList<>();
        private volatile String silent = "";
        private volatile boolean patient = true;

        @Override
        public <O extends CallOutcome> O apply(StoreCommand<O> command) {
            return store.apply(command);
        }

        @Override
        public byte[] identityKey() {
            return store.identityKey();
        }

        @Override
        public RunHistory history() {
            return within(Duration.ofHours(1));
        }

        private RunHistory within(Duration limit) {
            return (RunHistory) Proxy.newProxyInstance(
                    RunHistory.class.getClassLoader(),
                    new Class<?>[] {RunHistory.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("within")) {
                            limits.add((Duration) arguments[0]);
                            return within((Duration) arguments[0]);
                        }
                        if (silent.contains(method.getName())) {
                            Thread.sleep(patient ? limit.toMillis() + 1 : 0);
                            throw new StoreException("no answer", Certainty.NOT_STORED, null);
                        }
                        try {
                            return method.invoke(store.history(), arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }
    }

    @Test
    void noReadIsGivenMoreThanTheWaitHasLeft() throws InterruptedException {
        Duration timeout = Duration.ofMillis(600);
        assertThat(ledger.await(id, timeout, OFTEN)).isEmpty();
        assertThat(store.limits)
                .hasSizeGreaterThan(2)
                .isSortedAccordingTo((one, next) -> next.compareTo(one))
                .allSatisfy(limit -> assertThat(limit).isBetween(Duration.ofMillis(250), timeout));
    }

    @Test
    void aRunWhoseLastPollHasNoAnswerWasNotSeenToEndInTime() throws InterruptedException {
        store.silent = "state";
        assertThat(ledger.await(id, Duration.ofMillis(300), OFTEN)).isEmpty();
        assertThat(outcome()).isEqualTo("timeout");
    }

    @Test
    void aRunThatCannotBeReadAtAllIsAnErrorWhenTheTimeIsOver() {
        store.silent = "run state";
        assertThatThrownBy(() -> ledger.await(id, Duration.ofMillis(300), OFTEN))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void aPollThatFailsBeforeTheTimeIsOverIsAnError() {
        store.silent = "state";
        store.patient = false;
        assertThatThrownBy(() -> ledger.await(id, Duration.ofMinutes(1), OFTEN)).isInstanceOf(StoreException.class);
        assertThat(outcome()).isEqualTo("error");
    }

    private String outcome() {
        return recorder.only(WorkflowRunEvent.AWAITED).text(EventField.OUTCOME).orElseThrow();
    }
}
