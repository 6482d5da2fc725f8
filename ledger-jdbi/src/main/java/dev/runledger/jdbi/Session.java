package dev.runledger.jdbi;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Gives a call its connection: one of the store, or the one of a transaction of the application. */
interface Session {
    /** Writes, as a transaction or as a part of the one that the application began. */
    <T> T write(Write<T> write);

    /** Writes, as {@link #write(Write)} does. */
    default <T> T write(CallName call, Function<Attempt, T> work) {
        return write(new Write<>(call, work));
    }

    /** Writes many, of which some may share a transaction of the store, and hands over each result once it is committed. */
    default <T> void writeAll(List<Write<T>> writes, BiConsumer<Write<T>, T> results) {
        writes.forEach(write -> results.accept(write, write(write)));
    }

    /** Reads, on a connection that has not written. */
    <T> T read(CallName call, Function<Handle, T> work);

    /** Runs several statements of a write as one transaction, unless the write is in a transaction already. */
    <T> T transaction(Handle handle, Supplier<T> statements);

    /** Returns the same session for calls that take at most this long, if their budget is not smaller. */
    Session within(Duration limit);
}
