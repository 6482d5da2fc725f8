package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads recorded deliveries from a file of one of two shapes: lines of {@code {event, deliveryId, signature, payload}}, where the
 * payload is the exact body as text, or an object; or the array of {@code {name, examples: [payload, ...]}} that the npm package
 * of webhook examples ships, whose payloads were never signed.
 */
final class DeliveryFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DeliveryFile() {}

    static List<Recorded> read(BufferedReader file) throws IOException {
        List<Recorded> recorded = new ArrayList<>();
        file.mark(8);
        int first = file.read();
        file.reset();
        if (first == '[') {
            readExamples(file, recorded);
        } else {
            readLines(file, recorded);
        }
        return recorded;
    }

    private static void readLines(BufferedReader file, List<Recorded> recorded) throws IOException {
        int number = 0;
        for (String line = file.readLine(); line != null; line = file.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                recorded.add(delivery(JSON.readTree(line)));
            } catch (JsonProcessingException | Payloads.MissingField unreadable) {
                recorded.add(new Recorded.BrokenLine(number));
            }
        }
    }

    private static Delivery delivery(JsonNode line) {
        JsonNode payload = line.path("payload");
        if (payload.isMissingNode()) {
            throw new Payloads.MissingField("/payload");
        }
        return new Delivery(
                Payloads.text(line, "/event"),
                Payloads.text(line, "/deliveryId"),
                payload.isTextual() ? payload.asText() : payload.toString(),
                line.path("signature").asText(null),
                true);
    }

    private static void readExamples(BufferedReader file, List<Recorded> recorded) throws IOException {
        try (JsonParser parser = JSON.createParser(file)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) { // one kind of event at a time: the file may be large
                JsonNode kind = JSON.readTree(parser);
                String name = Payloads.text(kind, "/name");
                int index = 0;
                for (JsonNode payload : kind.path("examples")) {
                    recorded.add(new Delivery(name, name + "/" + index++, payload.toString(), null, false));
                }
            }
        }
    }
}
