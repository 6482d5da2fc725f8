/**
 * Makes text safe to show and to keep. {@link dev.runledger.redact.Redactor} is the entry: it says what a secret is. {@link
 * dev.runledger.redact.Sanitizer} redacts, puts on one line and cuts what the ledger stores and emits.
 *
 * <p>Imports no other package of this module.
 */
@NullMarked
package dev.runledger.redact;

import org.jspecify.annotations.NullMarked;
