package dev.runledger.event;

/**
 * Reads and writes the one JSON form of an event, a flat object of its fields, and the JSON Schema that describes it.
 *
 * <p>It needs {@code com.fasterxml.jackson.core:jackson-databind} on the
 * class path, which is an optional dependency; without it every method but {@link #isAvailable()} throws an {@link
 * IllegalStateException} that names the artifact. Thread-safe.
 */
public final class EventJson {
    private static final boolean AVAILABLE = isPresent();

    private EventJson() {}

    /** Returns whether Jackson is on the class path. */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    /** Throws an {@link IllegalStateException} that says what needs Jackson and which artifact to add, unless it is there. */
    public static void require(String feature) {
        if (!AVAILABLE) {
            throw new IllegalStateException(
                    feature
                            + " needs Jackson: add com.fasterxml.jackson.core:jackson-databind (2.15 or later) to the class path; on the module path, require com.fasterxml.jackson.databind");
        }
    }

    /** Returns the event as one line of JSON. */
    public static String write(LedgerEvent event) {
        require("the JSON form of an event");
        StringBuilder json = new StringBuilder(512);
        JacksonEvents.write(event, json);
        return json.toString();
    }

    /** Appends a name and a value of a flat object, with a comma before it unless the object has just been opened. */
    public static void append(StringBuilder json, String name, Object value) {
        JacksonEvents.field(json, name, value);
    }

    /**
     * Returns the event that a line of JSON is. It has no context and no cause: neither is part of the JSON form.
     *
     * @throws IllegalArgumentException if the line is not a JSON object, is nested, or names no event of the vocabulary; the message says which
     */
    public static LedgerEvent read(String json) {
        require("the JSON form of an event");
        return JacksonEvents.read(json);
    }

    /** Returns the JSON Schema (2020-12) of every event, generated from the vocabulary. */
    public static String schema() {
        require("the JSON Schema");
        return EventSchema.generate();
    }

    private static boolean isPresent() {
        try {
            Class.forName("com.fasterxml.jackson.databind.ObjectMapper", false, EventJson.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }
}
