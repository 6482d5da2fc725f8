package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reviews the hunk of a diff: counts its lines and finds what a reviewer would point at first. */
final class ReviewStep {
    private static final int MAX_LINE = 120;
    private static final Pattern SECRET =
            Pattern.compile("(?i)(?:password|passwd|secret|token|api_?key)\\s*[:=]\\s*[\"'][^\"'\\s]{8,}[\"']");

    private ReviewStep() {}

    /**
     * What the review says.
     *
     * @param added how many lines were added
     * @param removed how many lines were removed
     * @param findings what to point at, each with the line of the hunk that it is on
     */
    record Result(int added, int removed, List<String> findings) {}

    /** A hunk that is no hunk of a diff: the work cannot be done, and nobody's code is wrong. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    static Result run(JsonNode payload) throws Malformed {
        String hunk = Payloads.text(payload, "/comment/diff_hunk");
        if (!hunk.startsWith("@@ ")) {
            throw new Malformed("the diff hunk does not begin with @@");
        }
        String[] lines = hunk.split("\\R");
        int added = 0;
        int removed = 0;
        List<String> findings = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].startsWith("+")) {
                added++;
                find(lines[i].substring(1), i, findings);
            } else if (lines[i].startsWith("-")) {
                removed++;
            }
        }
        return new Result(added, removed, List.copyOf(findings));
    }

    private static void find(String line, int number, List<String> findings) {
        if (line.contains("TODO") || line.contains("FIXME")) {
            findings.add("line " + number + ": unfinished work");
        }
        if (line.length() > MAX_LINE) {
            findings.add("line " + number + ": longer than " + MAX_LINE + " characters");
        }
        if (!line.equals(line.stripTrailing())) {
            findings.add("line " + number + ": trailing white space");
        }
        if (line.contains("System.out.print") || line.contains("console.log(")) {
            findings.add("line " + number + ": prints instead of logging");
        }
        if (SECRET.matcher(line).find()) { // the finding names the line only: it goes where the secret must not
            findings.add("line " + number + ": looks like a secret");
        }
    }
}
