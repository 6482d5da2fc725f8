package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runledger.event.EventField;
import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the generated pages with the vocabulary; {@code -Dledger.docs=write} writes them again. */
class VocabularyTest {
    private static final Path DOCS = Path.of("..");

    @Test
    void thePageOfEventsIsTheVocabulary() throws IOException {
        StringBuilder page = new StringBuilder("""
                # The events and their fields

                An event is one flat object. Every event has `event`, `eventId`, `schemaVersion`, `occurredAt` and `workflowName`. Every event may have
                """);
        page.append(names(EventType.COMMON)).append(".\n\n");
        page.append("""
                This page and the JSON Schema, [event.schema.json](event.schema.json), are generated from `WorkflowRunEvent`, `TaskRunEvent` and `EventField`.

                """);
        page.append("| event | level | meaning | must have | may have |\n| --- | --- | --- | --- | --- |\n");
        for (EventType type : EventType.all()) {
            page.append("| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            type.eventName(),
                            type.level().name().toLowerCase(Locale.ROOT),
                            type.meaning(),
                            names(type.required()),
                            names(type.optional())));
        }
        page.append("\n| field | type | meaning |\n| --- | --- | --- |\n");
        for (EventField field : EventField.values()) {
            page.append("| `%s` | %s | %s |\n"
                    .formatted(field.fieldName(), field.type().name().toLowerCase(Locale.ROOT), field.meaning()));
        }
        holdsTo("events.md", page.toString());
    }

    @Test
    void theJsonSchemaIsTheVocabulary() throws IOException {
        holdsTo("event.schema.json", EventJson.schema());
        JsonNode schema = new ObjectMapper().readTree(EventJson.schema());
        assertThat(schema.get("oneOf")).hasSize(EventType.all().size());
        assertThat(schema.get("properties")).hasSize(EventField.values().length);
    }

    @Test
    void theIndexTemplateIsTheVocabulary() throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode template = json.createObjectNode();
        template.putArray("index_patterns").add("runledger-*");
        template.put("priority", 200);
        ObjectNode mappings = template.putObject("template").putObject("mappings");
        mappings.put("date_detection", false);
        ObjectNode texts = mappings.putArray("dynamic_templates").addObject().putObject("runledger_custom_texts");
        texts.put("path_match", "runledger.*").put("match_mapping_type", "string");
        texts.putObject("mapping").put("type", "keyword").put("ignore_above", 8191);
        ObjectNode properties = mappings.putObject("properties");
        properties.putObject("@timestamp").put("type", "date");
        ObjectNode ours = properties.putObject("runledger").putObject("properties");
        for (EventField field : EventField.values()) {
            ObjectNode mapping = ours.putObject(
                    field.fieldName().replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT));
            mapping.put("type", indexedAs(field));
            if (mapping.get("type").asText().equals("keyword")) {
                mapping.put("ignore_above", 8191);
            }
        }
        holdsTo("index-template.json", json.writerWithDefaultPrettyPrinter().writeValueAsString(template) + "\n");
    }

    private static String indexedAs(EventField field) {
        return switch (field) {
            case REASON, ERROR_MESSAGE, ERROR_STACK, NOTE -> "text";
            default ->
                switch (field.type()) {
                    case TEXT -> "keyword";
                    case INTEGER -> "long";
                    case BOOLEAN -> "boolean";
                    case INSTANT -> "date";
                };
        };
    }

    private static void holdsTo(String file, String content) throws IOException {
        if ("write".equals(System.getProperty("ledger.docs"))) {
            Files.writeString(DOCS.resolve(file), content);
        }
        assertThat(DOCS.resolve(file)).hasContent(content);
    }

    private static String names(Set<EventField> fields) {
        return fields.isEmpty()
                ? ""
                : new TreeSet<>(fields)
                        .stream().map(field -> "`" + field.fieldName() + "`").collect(Collectors.joining(", "));
    }
}
