package dev.runledger.examples.webhookbot;

import dev.runledger.failure.Failure;
import dev.runledger.run.WorkflowRun;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Prints the runs as a table, the oldest first. */
final class RunTable {
    private static final List<String> HEAD =
            List.of("RUN", "WORKFLOW", "TARGET", "STATE", "DURATION", "QUEUE WAIT", "REASON");
    private static final int WIDEST = 60;

    private RunTable() {}

    static void print(List<WorkflowRun> newestFirst, PrintStream out) {
        List<WorkflowRun> runs = new ArrayList<>(newestFirst);
        Collections.reverse(runs);
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        runs.forEach(run -> rows.add(row(run)));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(i == 0 ? "" : "  ").append(row.get(i));
                line.append(" ".repeat(widths[i] - row.get(i).length()));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static List<String> row(WorkflowRun run) {
        String id = run.id().value();
        return List.of(
                id.length() <= 12 ? id : "..." + id.substring(id.length() - 9),
                run.workflowName(),
                run.target().map(Object::toString).map(RunTable::cut).orElse(""),
                run.state().name(),
                run.state().isTerminal() ? millis(run.times().elapsed()) : "",
                run.times().queueWait().map(RunTable::millis).orElse(""),
                cut(reason(run)));
    }

    /** What a person wants to read: the message of an error without the name of its class. */
    private static String reason(WorkflowRun run) {
        String reason = run.reason().orElse("");
        Optional<String> message = run.failure().flatMap(Failure::errorMessage);
        return message.filter(reason::endsWith).orElse(reason);
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private static String cut(String text) {
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
    }
}
