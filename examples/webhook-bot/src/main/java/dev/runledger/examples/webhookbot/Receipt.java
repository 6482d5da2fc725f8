package dev.runledger.examples.webhookbot;

/**
 * What became of a delivery.
 *
 * @param kind in which column of the tally it falls
 * @param code why, or what it did, as a code to count by
 * @param message the same for people
 */
record Receipt(Kind kind, String code, String message) {
    /** The columns of the tally; a delivery falls in exactly one. */
    enum Kind {
        /** It made a run, or moved one that there was. */
        DISPATCHED,
        /** It asked for a run and was refused one. */
        REFUSED,
        /** It asks for nothing. */
        IGNORED,
        /** It is not what a delivery has to be. */
        REJECTED
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

    /** The HTTP status that answers it. */
    int status() {
        return kind != Kind.REJECTED
                ? 202
                : switch (code) {
                    case "bad_signature" -> 401;
                    case "too_large" -> 413;
                    default -> 400;
                };
    }
}
