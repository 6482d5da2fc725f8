package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Writers in this process that go on through every fault: a call that throws is made again until it returns. */
final class Crew implements AutoCloseable {
    private final Acknowledged acknowledged = new Acknowledged();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger notStored = new AtomicInteger();
    private final List<Member> members = new ArrayList<>();
    private final List<Future<?>> work = new ArrayList<>();
    private final ExecutorService threads;
    private volatile boolean stopping;
    private volatile boolean abandoned;

    /** One writer. */
    private final class Member implements RunWriter.Witness {
        private int answers;
        private int failures;
        private long began;
        private long longest;

        @Override
        public synchronized void calling() {
            began = System.nanoTime();
        }

        @Override
        public void acknowledged(String eventId, String state) {
            acknowledged.add(eventId, state);
            synchronized (this) {
                longest = Math.max(longest, System.nanoTime() - began);
                answers++;
                notifyAll();
            }
        }

        @Override
        public boolean again(StoreException failed) {
            boolean inDoubt = failed.certainty() == StoreException.Certainty.UNKNOWN;
            (inDoubt ? unknown : notStored).incrementAndGet();
            synchronized (this) {
                failures++;
                notifyAll();
            }
            return !abandoned;
        }

        private synchronized int answers() {
            return answers;
        }

        private synchronized int failures() {
            return failures;
        }

        private synchronized long longest() {
            return longest;
        }

        private synchronized void await(BooleanSupplier reached, long start, Duration limit)
                throws InterruptedException {
            while (!reached.getAsBoolean()) {
                long left = limit.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    throw new IllegalStateException(
                            "%d answers and %d failures after %s".formatted(answers, failures, limit));
                }
                wait(1 + left / 1_000_000);
            }
        }
    }

    Crew(Ledger ledger, int size, long seed) {
        threads = Executors.newFixedThreadPool(size);
        for (int i = 0; i < size; i++) {
            Member member = new Member();
            members.add(member);
            RunWriter writer = new RunWriter(ledger, seed + i, "crew-" + i, member);
            work.add(threads.submit(() -> {
                while (!stopping) {
                    writer.life();
                }
            }));
        }
    }

    /** Waits until that many more calls of each writer have returned; returns the time that it took. */
    Duration awaitEach(int more, Duration limit) throws InterruptedException {
        return await(
                member -> {
                    int wanted = member.answers() + more;
                    return () -> member.answers() >= wanted;
                },
                limit);
    }

    /** Waits until one more call of each writer has thrown. */
    void awaitFailures(Duration limit) throws InterruptedException {
        await(
                member -> {
                    int before = member.failures();
                    return () -> member.failures() > before;
                },
                limit);
    }

    private Duration await(Function<Member, BooleanSupplier> wanted, Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        List<BooleanSupplier> each = members.stream().map(wanted).toList();
        for (int i = 0; i < each.size(); i++) {
            if (work.get(i).isDone()) {
                break; // it threw what it must not, which stop() throws again
            }
            members.get(i).await(each.get(i), start, limit);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Lets each writer end its current run, and throws what one of them threw. */
    void stop(Duration limit) throws InterruptedException, ExecutionException, TimeoutException {
        stopping = true;
        for (Future<?> each : work) {
            each.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    Acknowledged acknowledged() {
        return acknowledged;
    }

    /** Counts the calls that threw and said that it is unknown whether they stored something. */
    int unknown() {
        return unknown.get();
    }

    /** Counts the calls that threw and said that nothing was stored. */
    int notStored() {
        return notStored.get();
    }

    /** Returns the longest time until a call returned, its repetitions included. */
    Duration longest() {
        return Duration.ofNanos(
                members.stream().mapToLong(Member::longest).max().orElse(0));
    }

    @Override
    public void close() {
        stopping = true;
        abandoned = true;
        threads.shutdownNow();
    }
}
