package dev.runledger.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The whole lines of a stream, as one thread reads it and others wait for them. What follows the last newline is none. */
final class OutputLines {
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    /** Reads to the end of the stream. */
    void readFrom(InputStream stream) throws IOException {
        try (Reader text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int next = text.read(); next >= 0; next = text.read()) {
                if (next == '\n') {
                    add(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) next);
                }
            }
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized List<String> all() {
        return List.copyOf(lines);
    }

    /** Returns the first line that matches, of those before and those to come; empty at the limit or the end of the stream. */
    synchronized Optional<String> await(Predicate<String> wanted, Duration limit) {
        long start = System.nanoTime();
        int seen = 0;
        while (true) {
            for (; seen < lines.size(); seen++) {
                if (wanted.test(lines.get(seen))) {
                    return Optional.of(lines.get(seen));
                }
            }
            long left = limit.toNanos() - (System.nanoTime() - start);
            if (ended || left <= 0) {
                return Optional.empty();
            }
            try {
                wait(1 + left / 1_000_000);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }
}
