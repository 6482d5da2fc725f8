package dev.runledger.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** So many threads that all begin at the same moment, as often as they are asked to. */
public final class Crowd implements AutoCloseable {
    /** What one of them does. */
    @FunctionalInterface
    public interface Part<T> {
        T play(int number) throws Exception;
    }

    private final int size;
    private final ExecutorService threads;

    public Crowd(int size) {
        this.size = size;
        this.threads = Executors.newFixedThreadPool(size);
    }

    /** Returns the result of each thread, in their order; throws what the first of them threw. */
    public <T> List<T> atOnce(Part<T> part) throws Exception {
        CyclicBarrier start = new CyclicBarrier(size);
        List<Future<T>> playing = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int number = i;
            playing.add(threads.submit(() -> {
                start.await(60, TimeUnit.SECONDS);
                return part.play(number);
            }));
        }
        List<T> answers = new ArrayList<>();
        Exception failed = null;
        for (Future<T> each : playing) {
            try {
                answers.add(each.get(120, TimeUnit.SECONDS));
            } catch (ExecutionException thrown) {
                failed = failed == null ? thrown : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return answers;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
