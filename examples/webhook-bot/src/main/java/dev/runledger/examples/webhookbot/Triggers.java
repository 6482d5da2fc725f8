package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/** Decides what a payload asks for. */
final class Triggers {
    private static final Set<String> COMMANDS =
            Set.of("triage", "plan", "review", "resolve", "implement", "ship", "approve", "cancel");
    private static final Set<String> WORKFLOW_LABELS = Set.of("triage", "plan", "implement", "ship");
    private static final Set<String> DEPLOYED = Set.of("success", "failure", "error");

    /** What people say: here a bot could command or approve, its own answers included. A build's sender is often a bot. */
    private static final Set<String> PEOPLES =
            Set.of("issue_comment", "pull_request_review", "pull_request_review_comment");

    /** Whose word counts: what GitHub calls the author's association with the repository. Anybody can comment. */
    private static final Set<String> TRUSTED = Set.of("OWNER", "MEMBER", "COLLABORATOR");

    private Triggers() {}

    /** A payload that asks for nothing, and why. */
    static final class Ignored extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;

        Ignored(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    static WorkflowRequest read(String event, JsonNode payload) throws Ignored {
        String action = Payloads.firstText(payload, "/action");
        if (PEOPLES.contains(event)
                && Payloads.firstText(payload, "/sender/type").equals("Bot")) {
            throw new Ignored("bot_sender", "a bot that answers bots never ends");
        }
        return switch (event) {
            case "issues" -> issue(payload, action);
            case "issue_comment" -> comment(payload, action);
            case "pull_request" -> pullRequest(payload, action);
            case "pull_request_review" -> review(payload, action);
            case "pull_request_review_comment" -> reviewComment(payload, action);
            case "check_run", "check_suite", "workflow_run", "workflow_job" -> check(event, payload, action);
            case "status" -> status(payload);
            case "deployment_status" -> deployment(payload);
            case "discussion" -> discussion(payload, action);
            default -> throw new Ignored("no_trigger", "nothing is triggered by " + event);
        };
    }

    private static WorkflowRequest issue(JsonNode payload, String action) throws Ignored {
        if (action.equals("labeled")) {
            return labeled(payload, "issues", "/issue/number");
        }
        if (!action.equals("opened") && !action.equals("edited") && !action.equals("reopened")) {
            throw new Ignored("action_not_handled", "issues." + action + " triggers nothing");
        }
        return numbered("triage", payload, "issues." + action, "/issue/number");
    }

    private static WorkflowRequest pullRequest(JsonNode payload, String action) throws Ignored {
        return switch (action) {
            case "labeled" -> labeled(payload, "pull_request", "/pull_request/number");
            case "opened", "reopened", "edited" ->
                numbered("triage", payload, "pull_request." + action, "/pull_request/number");
            case "synchronize", "ready_for_review" ->
                numbered("plan", payload, "pull_request." + action, "/pull_request/number");
            default -> throw new Ignored("action_not_handled", "pull_request." + action + " triggers nothing");
        };
    }

    private static WorkflowRequest labeled(JsonNode payload, String event, String number) {
        String label = Payloads.firstText(payload, "/label/name").toLowerCase(Locale.ROOT);
        String workflow = WORKFLOW_LABELS.contains(label) ? label : "triage"; // a new label may change what it is about
        return numbered(workflow, payload, event + ".labeled", number);
    }

    private static WorkflowRequest comment(JsonNode payload, String action) throws Ignored {
        if (action.equals("deleted")) {
            throw new Ignored("action_not_handled", "a deleted comment triggers nothing");
        }
        String command = command(payload);
        if (command.isEmpty()) {
            throw new Ignored("no_command", "the comment begins with no command");
        }
        requireTrusted(payload, "/comment");
        return numbered(command, payload, "issue_comment." + action, "/issue/number");
    }

    /** The command that a comment begins with, or an empty text. */
    private static String command(JsonNode payload) {
        String first = Payloads.text(payload, "/comment/body").strip().split("\\s", 2)[0];
        String command = first.startsWith("/") ? first.substring(1).toLowerCase(Locale.ROOT) : "";
        return COMMANDS.contains(command) ? command : "";
    }

    private static WorkflowRequest review(JsonNode payload, String action) throws Ignored {
        if (!action.equals("submitted")) {
            throw new Ignored("action_not_handled", "pull_request_review." + action + " triggers nothing");
        }
        requireTrusted(payload, "/review");
        boolean approved = Payloads.text(payload, "/review/state").equalsIgnoreCase("approved");
        String workflow = approved ? WorkflowRequest.APPROVE : "plan";
        return numbered(workflow, payload, "pull_request_review.submitted", "/pull_request/number");
    }

    private static WorkflowRequest reviewComment(JsonNode payload, String action) throws Ignored {
        if (!action.equals("created") && !action.equals("edited")) {
            throw new Ignored("action_not_handled", "pull_request_review_comment." + action + " triggers nothing");
        }
        String command = command(payload);
        if (!command.isEmpty()) {
            requireTrusted(payload, "/comment");
        }
        String workflow = command.isEmpty() ? "review" : command;
        return numbered(workflow, payload, "pull_request_review_comment." + action, "/pull_request/number");
    }

    private static void requireTrusted(JsonNode payload, String said) throws Ignored {
        String association = Payloads.firstText(payload, said + "/author_association");
        if (!TRUSTED.contains(association)) {
            throw new Ignored(
                    "not_trusted",
                    "commands and reviews count from an owner, a member or a collaborator, not from '%s'"
                            .formatted(association));
        }
    }

    private static WorkflowRequest check(String event, JsonNode payload, String action) throws Ignored {
        if (!action.equals("completed")
                || payload.path(event).path("conclusion").isNull()) {
            throw new Ignored("not_completed", event + " has not completed");
        }
        String sha = Payloads.firstText(payload, "/" + event + "/head_sha", "/check_run/check_suite/head_sha");
        return at(sha, payload, event + ".completed", "/" + event + "/head_sha");
    }

    private static WorkflowRequest status(JsonNode payload) throws Ignored {
        if (Payloads.text(payload, "/state").equals("pending")) {
            throw new Ignored("not_completed", "the status is pending");
        }
        return at(Payloads.text(payload, "/sha"), payload, "status", "/sha");
    }

    private static WorkflowRequest deployment(JsonNode payload) throws Ignored {
        if (!DEPLOYED.contains(Payloads.text(payload, "/deployment_status/state"))) {
            throw new Ignored("not_completed", "the deployment has not ended");
        }
        return at(Payloads.text(payload, "/deployment/sha"), payload, "deployment_status", "/deployment/sha");
    }

    private static WorkflowRequest discussion(JsonNode payload, String action) throws Ignored {
        if (!action.equals("created") && !action.equals("edited")) {
            throw new Ignored("action_not_handled", "discussion." + action + " triggers nothing");
        }
        return numbered("triage", payload, "discussion." + action, "/discussion/number");
    }

    private static WorkflowRequest at(String sha, JsonNode payload, String trigger, String path) {
        if (sha.isEmpty()) {
            throw new Payloads.MissingField(path);
        }
        String project = Payloads.text(payload, "/repository/full_name");
        return new WorkflowRequest("resolve", project, project + "@" + sha, trigger, actor(payload));
    }

    private static WorkflowRequest numbered(String workflow, JsonNode payload, String trigger, String number) {
        String project = Payloads.text(payload, "/repository/full_name");
        String target = project + "#" + Payloads.text(payload, number);
        return new WorkflowRequest(workflow, project, target, trigger, actor(payload));
    }

    private static String actor(JsonNode payload) {
        return Payloads.text(payload, "/sender/login");
    }
}
