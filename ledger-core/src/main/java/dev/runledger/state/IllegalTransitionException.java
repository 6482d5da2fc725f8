package dev.runledger.state;

/**
 * A call asked for a step that the state machine does not have, and the caller chose to be told by an exception.
 *
 * <p>Thrown by {@code orElseThrow()} of the results and nowhere else in the library's own flow: a lost race is a value. The
 * message names the call, the state that stands and who owns it.
 */
public final class IllegalTransitionException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** An exception with a message that names what was asked and what stands. */
    public IllegalTransitionException(String message) {
        super(message);
    }
}
