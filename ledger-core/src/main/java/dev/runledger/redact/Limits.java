package dev.runledger.redact;

/**
 * Says how long texts, events and payloads may get. The ledger cuts what is longer, and the event says {@code truncated}.
 *
 * @param reason characters of a reason or an error message; 2,048 by default
 * @param value characters of any other text; 4,096 by default
 * @param fields how many fields an event may have; 64 by default
 * @param event UTF-8 bytes of the JSON form of an event; 65,536 by default, 8,192 at least. Container runtimes split lines at 16,384
 * @param payload UTF-8 bytes of a payload that is kept in its row; 16,384 by default
 */
public record Limits(int reason, int value, int fields, int event, int payload) {
    private static final Limits STANDARD = new Limits(2048, 4096, 64, 65_536, 16_384);

    /** Checks that every limit leaves room for what the event contract itself needs. */
    public Limits {
        atLeast("reason", reason, 64);
        atLeast("value", value, 64);
        atLeast("fields", fields, 40);
        atLeast("event", event, 8_192);
        atLeast("payload", payload, 256);
    }

    /** Returns the default limits. */
    public static Limits standard() {
        return STANDARD;
    }

    /** Returns the same limits with this many characters of a reason or an error message. */
    public Limits reason(int reason) {
        return new Limits(reason, value, fields, event, payload);
    }

    /** Returns the same limits with this many characters of any other text. */
    public Limits value(int value) {
        return new Limits(reason, value, fields, event, payload);
    }

    /** Returns the same limits with this many fields. */
    public Limits fields(int fields) {
        return new Limits(reason, value, fields, event, payload);
    }

    /** Returns the same limits with this many bytes of an event. */
    public Limits event(int event) {
        return new Limits(reason, value, fields, event, payload);
    }

    /** Returns the same limits with this many bytes of a payload. */
    public Limits payload(int payload) {
        return new Limits(reason, value, fields, event, payload);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("limit " + name + " is " + value + ", expected " + least + " or more");
        }
    }
}
