/** A store and a sink as an application writes them, with public types alone: {@code MapRunStore} and {@code JsonLinesSink}. */
@NullMarked
package dev.runledger.examples.extending;

import org.jspecify.annotations.NullMarked;
