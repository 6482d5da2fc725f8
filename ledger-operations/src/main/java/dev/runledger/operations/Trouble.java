package dev.runledger.operations;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what fails in a job, and logs it: one line a minute for each job. Thread-safe. */
final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongAdder count;
    private final Map<String, Long> logged = new ConcurrentHashMap<>();

    Trouble(LongAdder count) {
        this.count = count;
    }

    /** Notes that something failed. The text of an error is the business of the ledger's redactor, so the line has its class only. */
    void note(String job, Throwable failed) {
        count.increment();
        long now = System.nanoTime();
        Long before = logged.get(job);
        if (before == null || now - before >= PAUSE_NANOS) {
            logged.put(job, now);
            LOG.warn("{} failed and goes on: {}", job, failed.getClass().getName());
            LOG.debug("{} failed", job, failed);
        }
    }
}
