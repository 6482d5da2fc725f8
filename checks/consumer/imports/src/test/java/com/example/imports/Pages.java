package com.example.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The auditors' pages, which may be stuck. */
final class Pages implements Appendable {
    private final StringBuffer text = new StringBuffer();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile CountDownLatch stuck = new CountDownLatch(0);

    List<String> lines() {
        return text.toString().lines().toList();
    }

    /** Keeps whoever writes until this is counted down. */
    CountDownLatch stuck() {
        stuck = new CountDownLatch(1);
        return stuck;
    }

    /** Waits until somebody writes. */
    void awaitWriter() throws InterruptedException {
        assertThat(begun.await(2, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public Appendable append(CharSequence line) {
        begun.countDown();
        try {
            stuck.await();
        } catch (InterruptedException gaveUp) {
            Thread.currentThread().interrupt();
        }
        text.append(line);
        return this;
    }

    @Override
    public Appendable append(CharSequence line, int start, int end) {
        return append(line.subSequence(start, end));
    }

    @Override
    public Appendable append(char character) {
        return append(String.valueOf(character));
    }
}
