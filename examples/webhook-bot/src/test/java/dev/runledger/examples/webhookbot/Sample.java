package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Payloads of our own writing, with just the fields that the bot reads. */
final class Sample {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Sample() {}

    /** JSON in which single quotes stand for double ones, so that a test stays readable. */
    static JsonNode json(String singleQuoted) {
        try {
            return JSON.readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(singleQuoted, wrong);
        }
    }

    /** A payload with these fields, a repository and a human sender. */
    static JsonNode from(String fields) {
        return json("{%s, 'repository': {'full_name': 'harbour/tides'}, 'sender': {'login': 'ada', 'type': 'User'}}"
                .formatted(fields));
    }

    /** An issue with this title and body. */
    static JsonNode issue(String title, String body) {
        return from("'action': 'opened', 'issue': {'number': 4, 'title': '%s', 'body': '%s'}".formatted(title, body));
    }

    /** What somebody whose word counts says on an issue with one thing to do. */
    static JsonNode comment(String body, String login) {
        return json(("{'action': 'created', 'issue': {'number': 4, 'body': '- [ ] one'},"
                        + " 'comment': {'body': '%s', 'author_association': 'OWNER'},"
                        + " 'repository': {'full_name': 'harbour/tides'}, 'sender': {'login': '%s', 'type': 'User'}}")
                .formatted(body, login));
    }

    /** A comment on a line of a pull request. */
    static JsonNode hunk(String hunk) {
        return from("'action': 'created', 'pull_request': {'number': 7}, 'comment': {'body': '?', 'diff_hunk': '%s'}"
                .formatted(hunk));
    }
}
