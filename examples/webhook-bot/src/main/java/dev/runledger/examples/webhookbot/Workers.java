package dev.runledger.examples.webhookbot;

import dev.runledger.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** The host's own bounded queue and threads: what Ledger has nothing to do with. */
final class Workers {
    private final BlockingQueue<RunId> queue;
    private final String prefix;
    private final int capacity;
    private final int count;
    private final BiConsumer<RunId, String> work;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Threads that are not started yet.
     *
     * @param prefix what the names of the workers begin with
     * @param work takes a run and the name of the worker that has it, and does not throw
     */
    Workers(String prefix, int count, int capacity, BiConsumer<RunId, String> work) {
        this.prefix = prefix;
        this.count = count;
        this.capacity = capacity;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.work = work;
    }

    /** Queues a run; throws where the queue is full, and the ledger makes that the run's {@code enqueue_failed}. */
    void enqueue(RunId run) {
        unfinished.incrementAndGet();
        if (!queue.offer(run)) {
            unfinished.decrementAndGet();
            throw new RejectedExecutionException("the queue is full: %d runs wait".formatted(capacity));
        }
    }

    /** Queues a run that was queued before, as soon as there is room for it; the workers are started. */
    void enqueueAgain(RunId run) throws InterruptedException {
        unfinished.incrementAndGet();
        queue.put(run);
    }

    boolean isStarted() {
        return !threads.isEmpty();
    }

    void start() {
        for (int i = 1; i <= count; i++) {
            String name = prefix + i;
            Thread thread = new Thread(() -> run(name), name);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(String name) {
        try {
            while (true) {
                RunId run = queue.take();
                try {
                    work.accept(run, name);
                } finally {
                    synchronized (unfinished) {
                        unfinished.decrementAndGet();
                        unfinished.notifyAll();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until everything that was queued is done, with what that queued in turn. */
    void awaitIdle() throws InterruptedException {
        synchronized (unfinished) {
            while (unfinished.get() > 0) {
                unfinished.wait();
            }
        }
    }

    void stop() {
        threads.forEach(Thread::interrupt);
    }
}
