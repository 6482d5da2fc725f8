/**
 * Traces and log events through OpenTelemetry: {@link dev.runledger.otel.OtelPlugin} installs all of it.
 *
 * <p>Imports the core and the OpenTelemetry API only.
 */
@NullMarked
package dev.runledger.otel;

import org.jspecify.annotations.NullMarked;
