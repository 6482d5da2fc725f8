package dev.runledger.jdbi;

import java.util.function.Function;

/**
 * A call that changes something.
 *
 * @param call its name, for the message of a failure
 * @param work what it does on a connection, possibly more than once
 */
record Write<T>(CallName call, Function<Attempt, T> work) {}
