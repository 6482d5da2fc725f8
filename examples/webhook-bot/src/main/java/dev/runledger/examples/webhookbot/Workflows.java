package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.RunScope;
import dev.runledger.TaskScope;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What each workflow does with the payload that triggered it. */
final class Workflows {
    /** The workflow that hands off to others and ends with them. */
    static final String SHIP = "ship";

    private static final Set<String> NAMES = Set.of("triage", "plan", "review", "resolve", "implement", SHIP);
    private static final Duration APPROVAL_TIME = Duration.ofDays(14);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Workflows() {}

    /** Whether a run is one of the bot's: another application may keep its runs in the same database. */
    static boolean isKnown(String workflow) {
        return NAMES.contains(workflow);
    }

    static RunOutcome run(RunScope scope, JsonNode payload) {
        try {
            return work(scope, payload);
        } catch (Payloads.MissingField lacking) {
            return RunOutcome.failed(Failure.of(lacking.getMessage(), lacking).toBuilder()
                    .category(Failure.Category.SCHEMA)
                    .build());
        }
    }

    private static RunOutcome work(RunScope scope, JsonNode payload) {
        return switch (scope.run().workflowName()) {
            case "triage" -> triage(scope, payload);
            case "plan" -> plan(scope, payload);
            case "review" -> review(scope, payload);
            case "resolve" -> resolve(scope, payload);
            case "implement" -> implement(scope, payload);
            case SHIP -> RunOutcome.handedOff(child(scope.run(), "plan"));
            default ->
                throw new IllegalArgumentException(
                        "no workflow is called " + scope.run().workflowName());
        };
    }

    /** A child of a composite run, on the same target and with the same trigger. */
    static NewRun child(WorkflowRun parent, String workflow) {
        return NewRun.of(workflow)
                .project(parent.request().project())
                .taskQueue(Bot.QUEUE)
                .target(parent.target().orElseThrow())
                .trigger(parent.request().trigger().orElseThrow());
    }

    /** The key by which an approval finds the run that waits for it. */
    static String approvalKey(String target) {
        return "approval:" + target;
    }

    private static RunOutcome triage(RunScope scope, JsonNode payload) {
        scope.task(NewTask.of("score").verb("score"), task -> keep(task, TriageStep.run(payload)));
        return RunOutcome.succeeded();
    }

    private static RunOutcome plan(RunScope scope, JsonNode payload) {
        List<PlanStep.Item> items =
                scope.task(NewTask.of("checklist").verb("extract"), task -> keep(task, PlanStep.run(payload)));
        return items.isEmpty() ? RunOutcome.incomplete("the body has no checklist") : RunOutcome.succeeded();
    }

    private static RunOutcome review(RunScope scope, JsonNode payload) {
        try {
            scope.task(
                    NewTask.of("read-hunk", NewTask.Kind.TOOL).instrument("diff"),
                    task -> keep(task, ReviewStep.run(payload)));
            return RunOutcome.succeeded();
        } catch (ReviewStep.Malformed malformed) {
            return RunOutcome.failed(Failure.of("the diff cannot be read", malformed).toBuilder()
                    .category(Failure.Category.SCHEMA)
                    .build());
        }
    }

    private static RunOutcome resolve(RunScope scope, JsonNode payload) {
        ResolveStep.Result build = scope.task(
                NewTask.of("read-build", NewTask.Kind.ADAPTER).instrument("github-checks"),
                task -> keep(task, ResolveStep.run(payload)));
        return build.green()
                ? RunOutcome.succeeded()
                : RunOutcome.incomplete("the build %s is still red: %s".formatted(build.name(), build.conclusion()));
    }

    /** Waits for an approval first, and is cancelled if none comes in time; a worker that gets the run afterwards finds the decision on it. */
    private static RunOutcome implement(RunScope scope, JsonNode payload) {
        String target = scope.target().orElseThrow().value();
        if (scope.run().resumption().isEmpty()) {
            Instant deadline = scope.run().times().queuedAt().plus(APPROVAL_TIME);
            return RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)
                    .correlationKey(approvalKey(target))
                    .until(deadline, Wait.OnDeadline.CANCEL));
        }
        List<PlanStep.Item> plan =
                scope.task(NewTask.of("checklist").verb("extract"), task -> keep(task, PlanStep.run(payload)));
        if (plan.isEmpty()) {
            return RunOutcome.incomplete("there is no plan to implement");
        }
        scope.task(NewTask.of("commit", NewTask.Kind.AGENT), task -> keep(task, ImplementStep.run(target, plan)));
        return RunOutcome.succeeded();
    }

    /** Keeps what a step made with its task. */
    private static <T> T keep(TaskScope task, T result) {
        try {
            task.output(Payload.json(JSON.writeValueAsString(result)));
        } catch (JsonProcessingException impossible) { // results are records of texts and numbers
            throw new IllegalStateException(impossible);
        }
        return result;
    }
}
