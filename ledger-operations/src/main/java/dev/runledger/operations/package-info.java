/** The background work of a ledger: {@link dev.runledger.operations.Operations} is the way in. */
@NullMarked
package dev.runledger.operations;

import org.jspecify.annotations.NullMarked;
