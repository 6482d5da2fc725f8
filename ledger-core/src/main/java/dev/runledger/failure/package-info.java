/**
 * How runs and tasks fail. {@link dev.runledger.failure.Failure} is the entry; {@link dev.runledger.failure.Failure.Categorizer} sorts
 * exceptions into a small closed set of categories.
 *
 * <p>Imports no other package of this module.
 */
@NullMarked
package dev.runledger.failure;

import org.jspecify.annotations.NullMarked;
