/** A store and a sink as somebody outside of the library writes them: {@code MapRunStore} and {@code JsonLinesSink}. */
@NullMarked
package dev.runledger.examples.extending;

import org.jspecify.annotations.NullMarked;
