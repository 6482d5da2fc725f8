package dev.runledger.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/** Medians of what was measured turn by turn, with the order statistics around them. */
final class Medians {
    private Medians() {}

    static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the median, and the order statistics around it whose interval misses it with at most 5 %, by the sign test. */
    static String interval(String format, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int below = 0;
        double tail = 0;
        double binomial = Math.pow(0.5, sorted.length);
        for (int i = 0; i < sorted.length / 2; i++) {
            tail += binomial;
            if (2 * tail > 0.05) {
                break;
            }
            below = i;
            binomial = binomial * (sorted.length - i) / (i + 1);
        }
        return String.format(
                Locale.ROOT,
                "%1$s (%1$s to %1$s)".formatted(format),
                of(values),
                sorted[below],
                sorted[sorted.length - 1 - below]);
    }

    /** Returns what the two come to within each turn, such as their ratio. */
    static double[] within(double[] ones, double[] others, DoubleBinaryOperator comparison) {
        double[] all = new double[ones.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = comparison.applyAsDouble(ones[i], others[i]);
        }
        return all;
    }
}
