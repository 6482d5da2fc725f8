/**
 * Traces, and events through OpenTelemetry's logs: {@link dev.runledger.otel.OtelSink} tells what happens, and its carrier takes the
 * trace of a dispatch along to the worker. Uses the core and the OpenTelemetry API.
 */
@NullMarked
package dev.runledger.otel;

import org.jspecify.annotations.NullMarked;
