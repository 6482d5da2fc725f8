package dev.runledger.redact;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Prints what redaction costs: milliseconds for a mebibyte of every filling of {@link RedactorLinearityTest}, the slowest first, and
 * nanoseconds for texts as events have them. The least of several rounds counts. In a round every text has its turn, so that the
 * compiler cannot adapt the code to one of them.
 */
final class RedactorSpeed {
    private static final int MEBIBYTE = 1 << 20;
    private static final int ROUNDS = 12;
    private static final int SHOWN = 30;
    private static final int TIMES = 20_000;

    private static final List<String> ORDINARY = List.of(
            "review",
            "0190a3b1-6a2f-7c3d-8e4f-000000000001",
            "acme/app#42",
            "https://github.com/acme/app/pull/42",
            "the reviewer asked for a shorter title, and the second run began an hour later, when the branch had been rebased once more",
            "connect to 10.0.0.7:5432 failed: Connection refused (attempt 3 of 5)",
            "java.lang.IllegalStateException: run r-1 is CANCELLED, expected RUNNING | at a.b.Runs.start(Runs.java:42)",
            "login failed, password=hunter2, user=ada");

    private record Figure(String text, long nanos) {}

    private RedactorSpeed() {}

    public static void main(String[] args) {
        List<Figure> fillings =
                measured(RedactorLinearityTest.seeds().distinct().toList(), RedactorSpeed::ofFilling);
        fillings.sort(Comparator.comparingLong(Figure::nanos).reversed());
        System.out.printf("%d fillings, the slowest:%n  ms/MiB  filling%n", fillings.size());
        fillings.stream()
                .limit(SHOWN)
                .forEach(filling ->
                        System.out.printf("%8.1f  %s%n", filling.nanos / 1e6, filling.text.replace('\n', '\u2424')));
        System.out.printf("      ns  text%n");
        measured(ORDINARY, RedactorSpeed::ofText)
                .forEach(text -> System.out.printf("%8d  %s%n", text.nanos, text.text));
    }

    private interface Measurement {
        long nanos(String text);
    }

    private static List<Figure> measured(List<String> texts, Measurement measurement) {
        long[] least = new long[texts.size()];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < least.length; i++) {
                long nanos = measurement.nanos(texts.get(i));
                least[i] = round == 0 ? nanos : Math.min(least[i], nanos);
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < least.length; i++) {
            figures.add(new Figure(texts.get(i), least[i]));
        }
        return figures;
    }

    private static long ofFilling(String seed) {
        String text = seed.repeat(MEBIBYTE / seed.length());
        long before = cpuTime();
        Redactor.standard().redact(text);
        return cpuTime() - before;
    }

    private static long ofText(String text) {
        long before = cpuTime();
        for (int i = 0; i < TIMES; i++) {
            Redactor.standard().redact(text);
        }
        return (cpuTime() - before) / TIMES;
    }

    /** The time of this thread, so that a busy machine matters less. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
