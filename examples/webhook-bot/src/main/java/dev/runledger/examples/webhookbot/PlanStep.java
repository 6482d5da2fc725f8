package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the checklist out of a body: {@code - [ ]}, {@code - [x]} and numbered lines. */
final class PlanStep {
    private static final Pattern ITEM = Pattern.compile("^ {0,6}(?:[-*] \\[([ xX])\\]|\\d{1,3}[.)]) (\\S.*)$");
    private static final int MAX_ITEMS = 100;

    private PlanStep() {}

    /**
     * One thing to do.
     *
     * @param text what
     * @param done whether it is ticked
     */
    record Item(String text, boolean done) {}

    static List<Item> run(JsonNode payload) {
        String body = Payloads.firstText(payload, "/comment/body", "/review/body", "/issue/body", "/pull_request/body");
        List<Item> fromFirst = items(body);
        return fromFirst.isEmpty()
                ? items(Payloads.firstText(payload, "/issue/body", "/pull_request/body"))
                : fromFirst;
    }

    private static List<Item> items(String body) {
        List<Item> items = new ArrayList<>();
        for (String line : body.split("\\R", 1000)) {
            Matcher item = ITEM.matcher(line);
            if (items.size() < MAX_ITEMS && item.matches()) {
                boolean done = item.group(1) != null && !item.group(1).isBlank();
                items.add(new Item(item.group(2).strip(), done));
            }
        }
        return items;
    }
}
