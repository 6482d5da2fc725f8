package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the host's own logging does to the library, and what the library makes of it. */
class HostFaultsTest {
    private static final EventFields INFO = EventFields.of()
            .runId("r-1")
            .workflowName("review")
            .put(EventField.QUEUE_WAIT_MS, 1)
            .workerId("w");
    private static final EventFields WARN = EventFields.of()
            .runId("r-1")
            .workflowName("review")
            .reason("red")
            .duration(Duration.ZERO)
            .queueWait(Duration.ZERO)
            .suspended(Duration.ZERO);

    /** Takes nothing until it is let go. */
    private static final class Stuck extends AppenderBase<ILoggingEvent> {
        private final CountDownLatch gate = new CountDownLatch(1);

        @Override
        protected void append(ILoggingEvent event) {
            try {
                gate.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Stuck stuckBehindAsync(String name) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Stuck stuck = new Stuck();
        stuck.setContext(context);
        stuck.start();
        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.addAppender(stuck);
        async.start();
        Logger logger = context.getLogger(name);
        logger.setAdditive(false);
        logger.addAppender(async);
        return stuck;
    }

    @Test
    void aStuckAsyncAppenderDropsInfoAndBlocksTheCallerAtWarn() throws Exception {
        Stuck stuck = stuckBehindAsync("test.stuck");
        WorkflowRunEvents events = WorkflowRunEvents.builder()
                .sink(Slf4jSink.builder().logger("test.stuck").build())
                .echo(false)
                .build();
        for (int i = 0; i < 1000; i++) {
            events.log(WorkflowRunEvent.RUNNING, INFO); // the appender drops what is over four fifths of its 256
        }
        CountDownLatch done = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            for (int i = 0; i < 300; i++) {
                events.log(WorkflowRunEvent.INCOMPLETE, WARN);
            }
            done.countDown();
        });
        caller.start();
        assertThat(done.await(500, TimeUnit.MILLISECONDS)).as("warn blocks").isFalse();
        stuck.gate.countDown();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void behindAQueueOfTheLibrarysAStuckAppenderDelaysNobody() {
        Stuck stuck = stuckBehindAsync("test.queued");
        EventSink log =
                EventSink.queued(Slf4jSink.builder().logger("test.queued").build(), 1024);
        WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(log).echo(false).build();
        int count = 100_000;
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            events.log(i % 2 == 0 ? WorkflowRunEvent.RUNNING : WorkflowRunEvent.INCOMPLETE, i % 2 == 0 ? INFO : WARN);
            nanos[i] = System.nanoTime() - before;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "log beside a stuck appender: p50 %d ns, p99 %d ns%n", nanos[count / 2], nanos[count / 100 * 99]);
        assertThat(nanos[count / 2]).isLessThanOrEqualTo(5_000);
        assertThat(events.counters().sinks().get(0).dropped()).isPositive();
        stuck.gate.countDown();
        events.close(Duration.ofSeconds(5));
        await().untilAsserted(() ->
                assertThat(events.counters().sinks().get(0).pending()).isZero());
    }

    @Test
    void aLoggerContextThatIsStoppedHurtsNobody() {
        WorkflowRunEvents events = WorkflowRunEvents.toLog();
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        try {
            for (int i = 0; i < 100; i++) {
                events.log(WorkflowRunEvent.RUNNING, INFO);
            }
            assertThat(events.counters().buildFailures()).isZero();
        } finally {
            ((LoggerContext) LoggerFactory.getILoggerFactory()).start();
        }
    }
}
