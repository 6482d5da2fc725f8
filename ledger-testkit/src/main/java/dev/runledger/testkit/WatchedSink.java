package dev.runledger.testkit;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Watches a sink while it takes an event, on any thread: what it throws, changes and leaves behind. */
final class WatchedSink implements EventSink {
    private static final Map<String, String> APPLICATIONS_MDC =
            Map.of("requestId", "of the application", "runId", "of the application");

    private final EventSink sink;
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private volatile boolean interrupting;

    WatchedSink(EventSink sink) {
        this.sink = sink;
    }

    /** Sets whether the thread is interrupted when the sink gets an event. */
    void interrupting(boolean interrupting) {
        this.interrupting = interrupting;
    }

    /** Returns the complaints about the sink so far. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public String name() {
        return sink.name();
    }

    @Override
    public Delivery delivery() {
        return sink.delivery();
    }

    @Override
    public boolean wants(EventType type) {
        try {
            return sink.wants(type);
        } catch (Throwable thrown) {
            complaints.add("wants(%s) threw %s".formatted(type.eventName(), thrown));
            throw thrown;
        }
    }

    @Override
    public void accept(LedgerEvent event) throws Exception {
        Map<String, String> before = MDC.getCopyOfContextMap();
        APPLICATIONS_MDC.forEach(MDC::put);
        Map<String, String> given = MDC.getCopyOfContextMap();
        String picture = picture(event);
        try {
            acceptInterrupted(event);
        } finally {
            complainUnless(Objects.equals(MDC.getCopyOfContextMap(), given), event, "changed the MDC");
            complainUnless(picture(event).equals(picture), event, "changed the event");
            restore(before);
        }
    }

    private void acceptInterrupted(LedgerEvent event) throws Exception {
        boolean interrupted = interrupting;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            sink.accept(event);
            complainUnless(
                    Thread.currentThread().isInterrupted() == interrupted,
                    event,
                    interrupted ? "lost the interrupt flag" : "left the thread interrupted");
        } catch (InterruptedException gaveUp) { // whoever calls the sink sets the flag again
            complainUnless(interrupted, event, "threw InterruptedException on a thread that nobody interrupted");
            throw gaveUp;
        } catch (Throwable thrown) {
            complainUnless(interrupted, event, "threw " + thrown);
            throw thrown;
        } finally {
            Thread.interrupted();
        }
    }

    private void complainUnless(boolean good, LedgerEvent event, String complaint) {
        if (!good) {
            complaints.add("%s at %s (%s)".formatted(complaint, event.eventName(), event.eventId()));
        }
    }

    /** Returns everything of an event that somebody could change: the maps are read-only, but an error never is. */
    private static String picture(LedgerEvent event) {
        String cause = event.cause()
                .map(error -> Arrays.toString(error.getStackTrace()) + error.getSuppressed().length)
                .orElse("");
        return event + " " + event.fields() + cause;
    }

    private static void restore(@Nullable Map<String, String> before) {
        if (before == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(before);
        }
    }
}
