package dev.runledger.event;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Writes instants as ISO-8601 in UTC with exactly six decimals, so that texts sort as times do. {@code Instant.toString}
 * varies its decimals, and a formatter takes several times as long, on the path of every event. Durations beside them.
 */
final class Instants {
    /** The text of the latest second that was asked for: most events of a busy host fall in the same one. */
    private static final class Second {
        private final long epoch;
        private final byte[] text;

        Second(long epoch, byte[] text) {
            this.epoch = epoch;
            this.text = text;
        }
    }

    /** What a thread writes a text into: an array of the JDK's, which keeps no class of this library loaded. */
    private static final ThreadLocal<byte @Nullable []> BUFFER = new ThreadLocal<>();

    private static volatile @Nullable Second latest;

    private static final int LENGTH = 27;

    private Instants() {}

    static String format(Instant instant) {
        long seconds = instant.getEpochSecond();
        if (seconds < -62_167_219_200L || seconds >= 253_402_300_800L) { // years 0 to 9999 have four digits
            return instant.toString();
        }
        Second second = latest;
        if (second == null || second.epoch != seconds) {
            second = new Second(seconds, untilSeconds(seconds));
            latest = second;
        }
        byte[] text = buffer();
        System.arraycopy(second.text, 0, text, 0, text.length);
        digits(text, 20, instant.getNano() / 1000, 6);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static byte[] buffer() {
        byte[] buffer = BUFFER.get();
        if (buffer == null) {
            buffer = new byte[LENGTH];
            BUFFER.set(buffer);
        }
        return buffer;
    }

    private static byte[] untilSeconds(long seconds) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        byte[] text = new byte[LENGTH];
        digits(text, 0, time.getYear(), 4);
        text[4] = '-';
        digits(text, 5, time.getMonthValue(), 2);
        text[7] = '-';
        digits(text, 8, time.getDayOfMonth(), 2);
        text[10] = 'T';
        digits(text, 11, time.getHour(), 2);
        text[13] = ':';
        digits(text, 14, time.getMinute(), 2);
        text[16] = ':';
        digits(text, 17, time.getSecond(), 2);
        text[19] = '.';
        text[26] = 'Z';
        return text;
    }

    /** Returns the instant cut to microseconds; the same instance if it has no more, as those of stores do not. */
    static Instant micros(Instant instant) {
        int beyond = instant.getNano() % 1000; // the seconds need no arithmetic, as truncatedTo would do
        return beyond == 0 ? instant : Instant.ofEpochSecond(instant.getEpochSecond(), instant.getNano() - beyond);
    }

    /** Returns the whole milliseconds of a duration; what is too long to be counted in a long is the longest that is not. */
    static long millis(Duration duration) {
        try {
            return duration.toMillis();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static void digits(byte[] text, int at, int value, int count) {
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + value % 10);
            value /= 10;
        }
    }
}
