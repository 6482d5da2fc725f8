package dev.runledger.context;

import dev.runledger.run.Target;
import dev.runledger.run.WorkflowRun;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Puts what names a run into the MDC while it executes, and afterwards puts back the map that was there. */
enum MdcCarrier implements ContextCarrier {
    INSTANCE;

    /** Captures nothing: what it puts into the MDC comes from the run itself. */
    @Override
    public Map<String, String> capture() {
        return Map.of();
    }

    @Override
    public Scope restore(WorkflowRun run) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        MDC.put("runId", run.id().value());
        MDC.put("workflowName", run.workflowName());
        putOrRemove("target", run.target().map(Target::value).orElse(null));
        putOrRemove("deliveryId", run.request().deliveryId().orElse(null));
        return () -> {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        };
    }

    /** A run without the value must not show the value of a run around it. */
    private static void putOrRemove(String name, @Nullable String value) {
        if (value == null) {
            MDC.remove(name);
        } else {
            MDC.put(name, value);
        }
    }
}
