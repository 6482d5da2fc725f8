package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Scores an issue or a pull request by the words of its title and body; a word in the title counts three times. */
final class TriageStep {
    private static final Map<String, List<String>> KEYWORDS = keywords();
    private static final int TITLE_WEIGHT = 3;

    private TriageStep() {}

    /**
     * What triage says.
     *
     * @param label the best label, or {@code needs-triage} where no keyword was found
     * @param scores every label's score
     */
    record Result(String label, Map<String, Integer> scores) {}

    static Result run(JsonNode payload) {
        String subject =
                payload.has("pull_request") ? "/pull_request" : payload.has("discussion") ? "/discussion" : "/issue";
        String title = Payloads.text(payload, subject + "/title").toLowerCase(Locale.ROOT);
        String body = Payloads.firstText(payload, subject + "/body").toLowerCase(Locale.ROOT);
        Map<String, Integer> scores = new LinkedHashMap<>();
        String best = "needs-triage";
        int most = 0;
        for (Map.Entry<String, List<String>> label : KEYWORDS.entrySet()) {
            int score = 0;
            for (String word : label.getValue()) {
                score += TITLE_WEIGHT * count(title, word) + count(body, word);
            }
            scores.put(label.getKey(), score);
            if (score > most) {
                most = score;
                best = label.getKey();
            }
        }
        return new Result(best, scores);
    }

    private static int count(String text, String word) {
        int count = 0;
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length())) {
            count++;
        }
        return count;
    }

    private static Map<String, List<String>> keywords() {
        Map<String, List<String>> keywords = new LinkedHashMap<>();
        keywords.put("bug", List.of("bug", "crash", "error", "exception", "broken", "fails", "fix", "spelling"));
        keywords.put("performance", List.of("slow", "latency", "memory", "timeout", "performance"));
        keywords.put("security", List.of("security", "vulnerab", "xss", "injection", "cve-"));
        keywords.put("documentation", List.of("docs", "documentation", "readme", "typo"));
        keywords.put("feature", List.of("feature", "support", "add ", "allow", "would like", "please"));
        return keywords;
    }
}
