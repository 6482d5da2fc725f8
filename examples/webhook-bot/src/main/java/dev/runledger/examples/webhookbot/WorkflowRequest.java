package dev.runledger.examples.webhookbot;

/**
 * What a delivery asks for.
 *
 * @param workflow which workflow, or {@code approve} or {@code cancel} for a run that there is
 * @param project the repository
 * @param target what to work on: {@code owner/repo#42} or {@code owner/repo@sha}
 * @param trigger the event and action
 * @param actor who caused it
 */
record WorkflowRequest(String workflow, String project, String target, String trigger, String actor) {
    static final String APPROVE = "approve";
    static final String CANCEL = "cancel";
}
