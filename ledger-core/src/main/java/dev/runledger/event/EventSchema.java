package dev.runledger.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Set;

/** Generates the JSON Schema of the events from the vocabulary. Loaded only where Jackson is there. */
final class EventSchema {
    private static final ObjectMapper JSON = new ObjectMapper(JacksonEvents.JSON);
    private static final String INSTANT = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}Z$";

    private EventSchema() {}

    static String generate() {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", "https://runledger.dev/schema/event-" + LedgerEvent.SCHEMA_VERSION + ".json");
        schema.put("title", "Workflow run event");
        schema.put("description", "One event of a workflow run or of a task in it. Custom fields may stand beside.");
        schema.put("type", "object");
        names(schema.putArray("required"), EventType.ALWAYS);
        ObjectNode properties = schema.putObject("properties");
        for (EventField field : EventField.values()) {
            property(properties.putObject(field.fieldName()), field);
        }
        ((ObjectNode) properties.get("schemaVersion")).put("const", LedgerEvent.SCHEMA_VERSION);
        schema.putObject("additionalProperties")
                .putArray("type")
                .add("string")
                .add("number")
                .add("boolean");
        ArrayNode oneOf = schema.putArray("oneOf");
        for (EventType type : EventType.all()) {
            event(oneOf.addObject(), type);
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(schema)
                            .replace("\r\n", "\n")
                    + "\n";
        } catch (JsonProcessingException impossible) { // a tree of plain nodes
            throw new IllegalStateException(impossible);
        }
    }

    private static void property(ObjectNode property, EventField field) {
        switch (field.type()) {
            case TEXT -> property.put("type", "string");
            case INTEGER -> property.put("type", "integer");
            case BOOLEAN -> property.put("type", "boolean");
            case INSTANT -> property.put("type", "string").put("pattern", INSTANT);
        }
        property.put("description", field.meaning());
    }

    private static void event(ObjectNode schema, EventType type) {
        schema.put("title", type.eventName());
        schema.put("description", type.meaning());
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("event").put("const", type.eventName());
        for (EventField field : EventField.values()) {
            if (!type.owns(field)) {
                properties.put(field.fieldName(), false);
            }
        }
        names(schema.putArray("required"), type.required());
    }

    private static void names(ArrayNode names, Set<EventField> fields) {
        if (!fields.isEmpty()) {
            EnumSet.copyOf(fields).forEach(field -> names.add(field.fieldName()));
        }
    }
}
