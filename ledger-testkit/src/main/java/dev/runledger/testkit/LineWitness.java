package dev.runledger.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds events in the lines that a log printed, wherever the encoder put their fields. */
record LineWitness(String name, Supplier<? extends Collection<String>> lines) implements Witness {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Pattern EVENT_ID = Pattern.compile("\\bevent(?:Id|_id)=\"?([^\"\\s,;\\]}]+)");
    private static final Map<String, String> FROM_SNAKE = Stream.of(EventField.values())
            .map(EventField::fieldName)
            .collect(Collectors.toUnmodifiableMap(LineWitness::snake, name -> name));

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Returns the field of the contract that has this name in snake_case, or the name itself. */
    static String fieldName(String name) {
        return FROM_SNAKE.getOrDefault(name, name);
    }

    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        return Optional.of(event.eventId());
    }

    @Override
    public List<Sighting> sightings(List<LedgerEvent> emitted) {
        Set<String> ids = emitted.stream().map(LedgerEvent::eventId).collect(Collectors.toSet());
        Set<String> subjects = emitted.stream()
                .flatMap(event ->
                        Stream.of(EventField.RUN_ID, EventField.TASK_ID).flatMap(field -> event.text(field).stream()))
                .collect(Collectors.toSet());
        return lines.get().stream()
                .flatMap(line -> sighting(line).stream())
                .filter(each -> ids.contains(each.key())
                        || !each.fields().containsKey("eventId")
                        || subjects.contains(String.valueOf(each.fields().get("runId")))
                        || subjects.stream().anyMatch(id -> each.key().startsWith(id + ":")))
                .toList();
    }

    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        return List.copyOf(lines.get());
    }

    private static Optional<Sighting> sighting(String line) {
        String text = line.strip();
        if (!text.startsWith("{")) {
            Matcher pair = EVENT_ID.matcher(text);
            return pair.find()
                    ? Optional.of(new Sighting(pair.group(1), Map.of("eventId", pair.group(1))))
                    : Optional.empty();
        }
        Map<String, Object> fields = new HashMap<>();
        try {
            collect(JSON.readTree(text), fields);
        } catch (JsonProcessingException broken) {
            return Optional.of(new Sighting("a line that is no JSON: %.80s".formatted(text), Map.of()));
        }
        Object id = fields.get(EventField.EVENT_ID.fieldName());
        return id == null ? Optional.empty() : Optional.of(new Sighting(id.toString(), fields));
    }

    /** Collects every value under its own name, at any depth. If a name stands twice, the outermost counts. */
    private static void collect(JsonNode node, Map<String, Object> fields) throws JsonProcessingException {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                String name = entry.getKey();
                fields.putIfAbsent(fieldName(name), entry.getValue().asText());
            }
        }
        for (JsonNode inner : node) {
            if (inner.isContainerNode()) {
                collect(inner, fields);
            }
        }
        if (node.get("message") instanceof TextNode message && message.asText().startsWith("{")) {
            collect(JSON.readTree(message.asText()), fields);
        }
    }
}
