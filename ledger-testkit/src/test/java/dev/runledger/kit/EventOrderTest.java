package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.AWAITED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.TaskId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An await or progress has no row, so no seq says where it belongs: it stays behind what it followed. */
class EventOrderTest extends RunsOfAKit {
    private void emit(EventType type, long seq) {
        events.log(type, ended("r-1").put(EventField.SEQ, seq));
    }

    private void emitElsewhere(EventType type, long seq) {
        elsewhere(() -> emit(type, seq));
    }

    private static void elsewhere(Runnable emission) {
        Thread other = new Thread(emission);
        other.start();
        try {
            other.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void anAwaitThatFollowedTheEchoComesAfterIt() {
        emitElsewhere(SUCCEEDED, 3); // and its echo
        emit(AWAITED, 3);
        assertThat(recorder).run("r-1").emittedExactly(SUCCEEDED, COMPLETED, AWAITED);
    }

    @Test
    void anAwaitThatIsEmittedBeforeTheEndThatItSawComesAfterIt() {
        emit(QUEUED, 1);
        emit(AWAITED, 3);
        elsewhere(() -> {
            emit(RUNNING, 2);
            emit(SUCCEEDED, 3);
        });
        assertThat(recorder).run("r-1").emittedExactly(QUEUED, RUNNING, SUCCEEDED, AWAITED, COMPLETED);
    }

    @Test
    void anAwaitThatSawNoEndStaysBehindTheEndThatItFollowed() {
        emit(QUEUED, 1);
        emitElsewhere(SUCCEEDED, 3);
        emit(AWAITED, 1);
        assertThat(recorder).run("r-1").emittedExactly(QUEUED, SUCCEEDED, COMPLETED, AWAITED);
    }

    @Test
    void anAwaitIsNoBarrierForWhatIsSortedAroundIt() {
        emit(RUNNING, 2);
        elsewhere(() -> emit(AWAITED, 2));
        emitElsewhere(QUEUED, 1);
        assertThat(recorder).run("r-1").emittedExactly(QUEUED, RUNNING, AWAITED);
    }

    @Test
    void whatOneThreadEmitsAfterAnAwaitComesAfterIt() {
        emitElsewhere(SUCCEEDED, 3);
        emit(AWAITED, 3);
        emit(RUNNING, 2);
        assertThat(recorder).run("r-1").emittedExactly(AWAITED, RUNNING, SUCCEEDED, COMPLETED);
    }

    @Test
    void progressStaysBehindTheEndThatItFollowed() {
        EventFields task = fields("r-1").taskId(TaskId.of("k"));
        events.log(TaskRunEvent.STARTED, task.put(EventField.TASK_SEQ, 1));
        elsewhere(() -> events.log(TaskRunEvent.SUCCEEDED, task.put(EventField.TASK_SEQ, 2)));
        events.log(TaskRunEvent.PROGRESS, task.put(EventField.TASK_SEQ, 1));
        assertThat(recorder)
                .run("r-1")
                .emittedExactly(TaskRunEvent.STARTED, TaskRunEvent.SUCCEEDED, TaskRunEvent.PROGRESS);
    }

    @Test
    void aTestNeedNotCareWhetherACallerWaited() {
        emitElsewhere(SUCCEEDED, 3);
        emit(AWAITED, 3);
        events.log(QUEUED, fields("r-2"));
        assertThat(recorder).withoutAwaits().emittedExactly(SUCCEEDED, COMPLETED, QUEUED);
        assertThat(recorder).withoutAwaits().run("r-1").emittedExactly(SUCCEEDED, COMPLETED);
        assertThat(recorder)
                .run("r-1")
                .withoutAwaits()
                .took(Duration.ofSeconds(1))
                .emittedExactly(SUCCEEDED, COMPLETED);
    }
}
