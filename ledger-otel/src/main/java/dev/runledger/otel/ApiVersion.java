package dev.runledger.otel;

import io.opentelemetry.api.logs.LogRecordBuilder;

/** Knows what the OpenTelemetry API on the class path can do, which is the application's choice from 1.49 on. */
final class ApiVersion {
    /** Whether records can have an event name, as they can since 1.50. On an older API the call must not be reached. */
    static final boolean HAS_EVENT_NAME = has("setEventName", String.class);

    private ApiVersion() {}

    private static boolean has(String method, Class<?>... parameters) {
        try {
            return LogRecordBuilder.class.getMethod(method, parameters) != null;
        } catch (NoSuchMethodException older) {
            return false;
        }
    }
}
