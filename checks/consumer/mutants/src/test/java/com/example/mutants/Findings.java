package com.example.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the suite found out about a mutant. */
record Findings(Mutant mutant, Map<String, Throwable> results) {
    private static final int MOST_LINES = 10;
    private static final int LONGEST_LINE = 260;

    Throwable failure() {
        Throwable thrown = results.get(mutant.test());
        if (thrown == null) {
            throw new AssertionError("%s of mutant %s %s; failed: %s"
                    .formatted(
                            mutant.test(),
                            mutant.id(),
                            results.containsKey(mutant.test()) ? "passed" : "was not run",
                            others()));
        }
        return thrown;
    }

    String message() {
        return String.valueOf(failure().getMessage());
    }

    /** The other tests that failed. */
    List<String> others() {
        return results.entrySet().stream()
                .filter(each -> each.getValue() != null && !each.getKey().equals(mutant.test()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The methods of the kit that the failure came through, as class and method. */
    List<String> kitFrames() {
        List<String> frames = new ArrayList<>();
        for (StackTraceElement frame : failure().getStackTrace()) {
            if (frame.getClassName().startsWith("dev.runledger.testkit.")) {
                frames.add(frame.getClassName().replaceAll(".*\\.", "") + "." + frame.getMethodName());
            }
        }
        return frames;
    }

    /** The first lines of what is printed, without what moves with every edit: the numbers of lines and the widths of columns. */
    String printed() {
        List<String> lines = message()
                .lines()
                .map(line -> line.replaceAll("\\.java:\\d+", ".java").replaceAll("(?<=\\S) {2,}", "  "))
                .map(line -> line.replaceAll("^ {5,}(?=#|event|field|\\d|=>)", "      "))
                .map(line -> line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…")
                .toList();
        String shown = lines.stream().limit(MOST_LINES).collect(Collectors.joining("\n"));
        return shown.stripTrailing() + (lines.size() > MOST_LINES ? "\n…" : "");
    }
}
