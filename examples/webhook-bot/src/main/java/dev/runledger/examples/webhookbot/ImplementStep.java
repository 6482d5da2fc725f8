package dev.runledger.examples.webhookbot;

import java.util.List;
import java.util.Locale;

/** Turns the open items of a plan into a change: a branch and one commit an item. */
final class ImplementStep {
    private static final int MAX_BRANCH = 40;

    private ImplementStep() {}

    /**
     * The change.
     *
     * @param branch where it is made
     * @param commits the first line of each commit
     */
    record Result(String branch, List<String> commits) {}

    static Result run(String target, List<PlanStep.Item> plan) {
        List<String> commits = plan.stream()
                .filter(item -> !item.done())
                .map(item ->
                        item.text().length() <= 72 ? item.text() : item.text().substring(0, 69) + "...")
                .toList();
        String about = commits.isEmpty() ? "nothing" : commits.get(0);
        String slug =
                about.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String number = target.substring(target.lastIndexOf('#') + 1);
        String branch = "bot/" + number + "-" + slug;
        return new Result(branch.length() <= MAX_BRANCH ? branch : branch.substring(0, MAX_BRANCH), commits);
    }
}
