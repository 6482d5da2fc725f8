package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads recorded deliveries from a file of one of two shapes: lines of {@code {event, deliveryId, signature, payload}}, where the
 * payload is the exact body as text, or an object; or the array of {@code {name, examples: [payload, ...]}} that the npm package
 * of webhook examples ships, whose payloads were never signed. What cannot be read is a broken line, and the rest go on.
 */
final class DeliveryFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int MAX_LEADING_BLANKS = 1024;

    private DeliveryFile() {}

    static List<Recorded> read(InputStream bytes) throws IOException {
        // this reader replaces a byte that is no UTF-8, so that it costs its line and not the file
        BufferedReader file = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
        skipByteOrderMark(file);
        List<Recorded> recorded = new ArrayList<>();
        if (startsWithArray(file)) {
            readExamples(file, recorded);
        } else {
            readLines(file, recorded);
        }
        return recorded;
    }

    private static void skipByteOrderMark(BufferedReader file) throws IOException {
        file.mark(1);
        if (file.read() != BYTE_ORDER_MARK) {
            file.reset();
        }
    }

    private static boolean startsWithArray(BufferedReader file) throws IOException {
        file.mark(MAX_LEADING_BLANKS);
        int next = file.read();
        for (int read = 1; Character.isWhitespace(next) && read < MAX_LEADING_BLANKS; read++) {
            next = file.read();
        }
        file.reset();
        return next == '[';
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
                int line = parser.currentLocation().getLineNr();
                addExamples(JSON.readTree(parser), line, recorded);
            }
        } catch (JsonProcessingException broken) { // what came before stands; nobody knows where the next kind begins
            recorded.add(new Recorded.BrokenLine(broken.getLocation().getLineNr()));
        }
    }

    private static void addExamples(JsonNode kind, int line, List<Recorded> recorded) {
        String name = Payloads.firstText(kind, "/name");
        if (name.isEmpty()) {
            recorded.add(new Recorded.BrokenLine(line));
            return;
        }
        int index = 0;
        for (JsonNode payload : kind.path("examples")) {
            recorded.add(new Delivery(name, name + "/" + index++, payload.toString(), null, false));
        }
    }
}
