package dev.runledger.faults;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** What a {@link TcpProxy} does with the bytes. */
sealed interface ProxyMode {
    record Pass() implements ProxyMode {}

    /** Nothing moves. */
    record BlackHole() implements ProxyMode {}

    /** Each request waits before it goes on. */
    record Delay(Duration of) implements ProxyMode {}

    /** Replies go through until so many bytes have. */
    record Cut(AtomicLong left) implements ProxyMode {}

    /** The first reply that leaves the server in no transaction and has a command of such a tag is lost. */
    record DropReply(Predicate<String> tag) implements ProxyMode {}
}
