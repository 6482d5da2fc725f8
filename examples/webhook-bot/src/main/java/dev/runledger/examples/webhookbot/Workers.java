package dev.runledger.examples.webhookbot;

import dev.runledger.run.RunId;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** The bounded queue and the threads of the application. Ledger does not know them; it hands runs to {@link #enqueue}. */
final class Workers implements AutoCloseable {
    private static final int SECONDS_TO_FINISH = 5;

    private final ThreadPoolExecutor threads;
    private final int capacity;
    private final Set<RunId> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unfinished = new AtomicInteger();
    private BiConsumer<RunId, String> work = (run, worker) -> {};

    /** Makes workers that are not started yet. */
    Workers(int count, int capacity) {
        this.capacity = capacity;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity), run -> {
                    Thread thread = new Thread(run, "worker-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    static Workers of(Options options) {
        return new Workers(options.capacity().workers(), options.capacity().queue());
    }

    /** Sets what is done with a run: it takes the run and the name of the worker that has it, and does not throw. */
    void onRun(BiConsumer<RunId, String> work) {
        this.work = work;
    }

    /**
     * Queues a run, unless it waits here already: a run that waits long is offered again. If the queue is full it throws, and the ledger fails
     * a new run as {@code enqueue_failed}. After the end it takes nothing: the run stays QUEUED, and is offered to another process.
     */
    void enqueue(RunId run) {
        if (threads.isShutdown() || !waiting.add(run)) {
            return;
        }
        unfinished.incrementAndGet();
        if (!threads.getQueue().offer(() -> execute(run))) {
            waiting.remove(run);
            finished();
            throw new RejectedExecutionException("the queue is full: %s runs wait".formatted(capacity));
        }
    }

    private void execute(RunId run) {
        waiting.remove(run); // from here on it may be offered again
        try {
            work.accept(run, Thread.currentThread().getName());
        } finally {
            finished();
        }
    }

    private void finished() {
        synchronized (unfinished) {
            unfinished.decrementAndGet();
            unfinished.notifyAll();
        }
    }

    boolean isStarted() {
        return threads.getPoolSize() > 0;
    }

    void start() {
        threads.prestartAllCoreThreads();
    }

    /** Waits until everything that was queued is done, with what that queued in turn. */
    void awaitIdle() throws InterruptedException {
        synchronized (unfinished) {
            while (unfinished.get() > 0) {
                unfinished.wait();
            }
        }
    }

    /** Begins nothing new, and gives what is being done a few seconds. What waits here stays QUEUED. */
    @Override
    public void close() {
        threads.getQueue().clear();
        threads.shutdown(); // interrupts idle threads only
        try {
            if (!threads.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                System.err.println("a worker is still busy; its run goes back into the queue");
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
