package dev.runledger.examples.webhookbot;

import dev.runledger.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** The bounded queue and the threads of the application. Ledger does not know them; it hands runs to {@link #enqueue}. */
final class Workers {
    private final BlockingQueue<RunId> queue;
    private final String prefix;
    private final int capacity;
    private final int count;
    private final AtomicInteger unfinished = new AtomicInteger();
    private BiConsumer<RunId, String> work = (run, worker) -> {};
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Makes workers that are not started yet.
     *
     * @param prefix what the names of the workers begin with
     */
    Workers(String prefix, int count, int capacity) {
        this.prefix = prefix;
        this.count = count;
        this.capacity = capacity;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    static Workers of(Options options) {
        return new Workers(
                prefix(options.runs().name()),
                options.capacity().workers(),
                options.capacity().queue());
    }

    /** What the names of the workers of the bot of this name begin with. */
    static String prefix(String name) {
        return name + "/worker-";
    }

    /** Sets what is done with a run: it takes the run and the name of the worker that has it, and does not throw. */
    void onRun(BiConsumer<RunId, String> work) {
        this.work = work;
    }

    /** Queues a run. If the queue is full it throws, and the ledger fails the run as {@code enqueue_failed}. */
    void enqueue(RunId run) {
        unfinished.incrementAndGet();
        if (!queue.offer(run)) {
            unfinished.decrementAndGet();
            throw new RejectedExecutionException("the queue is full: %s runs wait".formatted(capacity));
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
