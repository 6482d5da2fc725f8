package dev.runledger.otel;

import io.opentelemetry.api.logs.LogRecordBuilder;

/** What the OpenTelemetry API on the class path can do: it is the host's, from 1.49 on. */
final class ApiVersion {
    /** Since 1.50. A call of what is not there must not even be reached. */
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
