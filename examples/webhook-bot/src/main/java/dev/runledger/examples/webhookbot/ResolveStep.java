package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** Reads the conclusion of a build: is what was to be resolved resolved? */
final class ResolveStep {
    private static final Set<String> GREEN = Set.of("success", "neutral", "skipped");
    private static final List<String> KINDS = List.of("check_run", "check_suite", "workflow_run", "workflow_job");

    private ResolveStep() {}

    /**
     * What the build says.
     *
     * @param name which build it is
     * @param conclusion how it ended
     * @param green whether nothing is left to be done
     */
    record Result(String name, String conclusion, boolean green) {}

    static Result run(JsonNode payload) {
        for (String kind : KINDS) {
            JsonNode build = payload.path(kind);
            if (build.isObject()) {
                String name = Payloads.firstText(build, "/name", "/app/name");
                String conclusion = Payloads.text(build, "/conclusion");
                return new Result(name.isEmpty() ? kind : name, conclusion, GREEN.contains(conclusion));
            }
        }
        if (payload.has("state")) {
            String state = Payloads.text(payload, "/state");
            return new Result(Payloads.text(payload, "/context"), state, GREEN.contains(state));
        }
        if (payload.has("deployment_status")) {
            String state = Payloads.text(payload, "/deployment_status/state");
            return new Result("deployment", state, GREEN.contains(state));
        }
        throw new Payloads.MissingField("/check_run");
    }
}
