/**
 * The state machine. {@link dev.runledger.state.RunState} is the entry; {@link dev.runledger.state.RunCommand} is the table of calls
 * and states.
 *
 * <p>Imports no other package of this module.
 */
@NullMarked
package dev.runledger.state;

import org.jspecify.annotations.NullMarked;
