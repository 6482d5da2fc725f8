package com.example.imports;

import dev.runledger.context.ContextCarrier;
import dev.runledger.run.WorkflowRun;
import java.util.Map;
import java.util.Optional;

/** Takes the tenant, which this service keeps by thread, along to the worker. */
public final class TenantCarrier implements ContextCarrier {
    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();
    private static final String KEY = "imports.tenant";

    /** Whose work this thread does, if anybody's. */
    public static Optional<String> tenant() {
        return Optional.ofNullable(TENANT.get());
    }

    /** Says whose work this thread does from now on. */
    public static void tenant(String name) {
        TENANT.set(name);
    }

    @Override
    public Map<String, String> capture() {
        return tenant().map(name -> Map.of(KEY, name)).orElse(Map.of());
    }

    @Override
    public Scope restore(WorkflowRun run) {
        String before = TENANT.get();
        TENANT.set(run.request().context().get(KEY));
        return () -> TENANT.set(before);
    }
}
