/**
 * The state machine: {@link dev.runledger.state.RunState}, {@link dev.runledger.state.RunCommand} and {@link
 * dev.runledger.state.TaskState} say which call may leave which state and what it makes of it.
 *
 * <p>Imports nothing of this module.
 */
@NullMarked
package dev.runledger.state;

import org.jspecify.annotations.NullMarked;
