package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds runs of the same (project, workflow, target) that were in flight at the same time. A run counts from its first event to its end,
 * since an application that keeps its own tables need not emit {@code queued}.
 */
final class InFlight {
    /** Two runs at once: the second came in flight by the event at this place. */
    record Overlap(String guard, String first, String second, int index) {}

    private InFlight() {}

    static Optional<Overlap> firstOverlap(List<RecordedEvent> recorded) {
        Map<String, Map<String, Integer>> holders = new HashMap<>();
        Set<String> ended = new HashSet<>();
        for (int i = 0; i < recorded.size(); i++) {
            RecordedEvent each = recorded.get(i);
            String guard = guard(each.event());
            if (guard == null || each.runId().isEmpty() || !History.isTransition(each)) {
                continue;
            }
            Map<String, Integer> runs = holders.computeIfAbsent(guard, key -> new HashMap<>());
            if (History.isEnd(each)) {
                runs.remove(each.runId());
                ended.add(each.runId());
            } else if (!ended.contains(each.runId()) && runs.putIfAbsent(each.runId(), i) == null) {
                for (String holder : runs.keySet()) {
                    if (!holder.equals(each.runId()) && !isUnderGuard(each, runs) && !hadEnded(recorded, i, holder)) {
                        return Optional.of(new Overlap(guard, holder, each.runId(), i));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isUnderGuard(RecordedEvent queued, Map<String, Integer> runs) {
        return queued.event()
                .text(EventField.PARENT_RUN_ID)
                .filter(runs::containsKey)
                .isPresent();
    }

    /** Returns whether the end of the holder was only emitted late: by another thread, and not after the second run was queued. */
    private static boolean hadEnded(List<RecordedEvent> recorded, int queuedAt, String holder) {
        RecordedEvent queued = recorded.get(queuedAt);
        return recorded.subList(queuedAt + 1, recorded.size()).stream()
                .filter(each -> each.runId().equals(holder) && History.isEnd(each))
                .anyMatch(end -> end.threadId() != queued.threadId()
                        && !end.event().occurredAt().isAfter(queued.event().occurredAt()));
    }

    private static @Nullable String guard(LedgerEvent event) {
        String target = event.text(EventField.TARGET).orElse(null);
        if (target == null) {
            return null;
        }
        String project = event.text(EventField.PROJECT).map(name -> name + ": ").orElse("");
        return project + event.text(EventField.WORKFLOW_NAME).orElse("") + " on " + target;
    }
}
