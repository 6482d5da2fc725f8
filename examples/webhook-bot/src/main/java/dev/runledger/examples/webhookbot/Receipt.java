package dev.runledger.examples.webhookbot;

import java.util.Locale;

/**
 * What became of a delivery.
 *
 * @param kind in which column of the tally it falls
 * @param code why, or what it did, as a code to count by
 * @param message the same for people
 */
record Receipt(Kind kind, String code, String message) {
    /** The code of a delivery on which the bot itself broke. */
    static final String BROKEN = "broken";

    /** The columns of the tally; a delivery falls in exactly one. */
    enum Kind {
        /** It made a run, or moved one that there was. */
        DISPATCHED,
        /** It asked for a run and was refused one. */
        REFUSED,
        /** It asks for nothing. */
        IGNORED,
        /** It is not what a delivery has to be. */
        REJECTED,
        /** The bot could not take it in; sent again, it may be. */
        FAILED
    }

    static Receipt dispatched(String code, String message) {
        return new Receipt(Kind.DISPATCHED, code, message);
    }

    static Receipt ignored(String code, String message) {
        return new Receipt(Kind.IGNORED, code, message);
    }

    static Receipt rejected(String code, String message) {
        return new Receipt(Kind.REJECTED, code, message);
    }

    static Receipt failed(String code, String message) {
        return new Receipt(Kind.FAILED, code, message);
    }

    /** The HTTP status that answers it. */
    int status() {
        return switch (kind) {
            case DISPATCHED, REFUSED, IGNORED -> 202;
            case FAILED -> code.equals(BROKEN) ? 500 : 503;
            case REJECTED ->
                switch (code) {
                    case "bad_signature" -> 401;
                    case "too_large" -> 413;
                    default -> 400;
                };
        };
    }

    /** One line for people. */
    String line(String deliveryId) {
        return "%s %s (%s): %s".formatted(kind.name().toLowerCase(Locale.ROOT), deliveryId, code, message);
    }
}
