package dev.runledger.redact;

/** A part of a text that is a secret. */
record Span(int from, int to) {}
