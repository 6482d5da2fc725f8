package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads what a payload must have, and says which field it lacks. */
final class Payloads {
    private Payloads() {}

    /** A payload lacks a field that the work needs. */
    static final class MissingField extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        MissingField(String path) {
            super("the payload has no text at " + path);
        }
    }

    /** The text or number at a path such as {@code /issue/title}. */
    static String text(JsonNode payload, String path) {
        JsonNode node = payload.at(path);
        if (!node.isTextual() && !node.isNumber()) {
            throw new MissingField(path);
        }
        return node.asText();
    }

    /** The text at the first of these paths that has one, or an empty text. */
    static String firstText(JsonNode payload, String... paths) {
        for (String path : paths) {
            if (payload.at(path).isTextual()) {
                return payload.at(path).asText();
            }
        }
        return "";
    }
}
