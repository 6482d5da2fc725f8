package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggersTest {
    @Test
    void anOpenedIssueIsTriaged() throws Exception {
        assertThat(Triggers.read("issues", Sample.issue("Crash", "")))
                .isEqualTo(new WorkflowRequest("triage", "harbour/tides", "harbour/tides#4", "issues.opened", "ada"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"triage", "plan", "review", "resolve", "implement", "ship", "approve", "cancel"})
    void aCommentBeginsWithACommand(String command) throws Exception {
        assertThat(Triggers.read("issue_comment", comment("/" + command + " please"))
                        .workflow())
                .isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ship it", "we could /ship it", "/shipping", "/"})
    void talkIsNoCommand(String body) {
        assertThat(ignored("issue_comment", comment(body))).isEqualTo("no_command");
    }

    @ParameterizedTest
    @CsvSource({"ship, ship", "Plan, plan", "bug, triage"})
    void aLabelStartsWhatItNames(String label, String workflow) throws Exception {
        JsonNode labeled =
                Sample.from("'action': 'labeled', 'issue': {'number': 4}, 'label': {'name': '%s'}".formatted(label));

        assertThat(Triggers.read("issues", labeled).workflow()).isEqualTo(workflow);
    }

    @ParameterizedTest
    @ValueSource(strings = {"check_run", "check_suite", "workflow_run", "workflow_job"})
    void aBuildThatEndedIsResolvedAtItsCommit(String event) throws Exception {
        JsonNode build = Sample.from(
                "'action': 'completed', '%s': {'head_sha': 'abc', 'conclusion': 'failure'}".formatted(event));

        WorkflowRequest request = Triggers.read(event, build);

        assertThat(request.workflow()).isEqualTo("resolve");
        assertThat(request.target()).isEqualTo("harbour/tides@abc");
    }

    @Test
    void aBuildWithoutAConclusionHasNotEnded() {
        JsonNode build = Sample.from("'action': 'completed', 'workflow_run': {'head_sha': 'abc', 'conclusion': null}");

        assertThat(ignored("workflow_run", build)).isEqualTo("not_completed");
    }

    @Test
    void aBuildThatGoesOnIsIgnored() {
        assertThat(ignored("check_run", Sample.from("'action': 'created', 'check_run': {'head_sha': 'abc'}")))
                .isEqualTo("not_completed");
        assertThat(ignored("status", Sample.from("'state': 'pending', 'sha': 'abc'")))
                .isEqualTo("not_completed");
    }

    @Test
    void anApprovingReviewApproves() throws Exception {
        JsonNode review = Sample.from(
                "'action': 'submitted', 'pull_request': {'number': 7}, 'review': {'state': 'APPROVED', 'author_association': 'MEMBER'}");

        assertThat(Triggers.read("pull_request_review", review).workflow()).isEqualTo(WorkflowRequest.APPROVE);
    }

    @Test
    void aCommentOnALineTakesCommandsToo() throws Exception {
        String fields =
                "'action': 'created', 'pull_request': {'number': 7}, 'comment': {'body': '%s', 'author_association': 'COLLABORATOR'}";

        assertThat(Triggers.read("pull_request_review_comment", Sample.from(fields.formatted("/plan")))
                        .workflow())
                .isEqualTo("plan");
        assertThat(Triggers.read("pull_request_review_comment", Sample.from(fields.formatted("why?")))
                        .workflow())
                .isEqualTo("review");
    }

    @ParameterizedTest
    @ValueSource(strings = {"issue_comment", "pull_request_review", "pull_request_review_comment"})
    void aBotNeitherCommandsNorApproves(String event) {
        JsonNode said = Sample.json("{'action': 'created', 'sender': {'login': 'bot', 'type': 'Bot'}}");

        assertThat(ignored(event, said)).isEqualTo("bot_sender");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "owner", ""})
    void strangersNeitherCommandNorApprove(String association) {
        String said = "{'body': '/approve', 'state': 'approved', 'author_association': '%s'}".formatted(association);

        assertThat(ignored(
                        "issue_comment",
                        Sample.from("'action': 'created', 'issue': {'number': 4}, 'comment': " + said)))
                .isEqualTo("not_trusted");
        assertThat(ignored(
                        "pull_request_review",
                        Sample.from("'action': 'submitted', 'pull_request': {'number': 7}, 'review': " + said)))
                .isEqualTo("not_trusted");
        assertThat(ignored(
                        "pull_request_review_comment",
                        Sample.from("'action': 'created', 'pull_request': {'number': 7}, 'comment': " + said)))
                .isEqualTo("not_trusted");
    }

    @Test
    void whatHasNoTriggerIsIgnored() {
        assertThat(ignored("star", Sample.from("'action': 'created'"))).isEqualTo("no_trigger");
        assertThat(ignored("issues", Sample.from("'action': 'pinned'"))).isEqualTo("action_not_handled");
    }

    @Test
    void aFieldThatIsNeededIsNamed() {
        assertThatThrownBy(() -> Triggers.read("issues", Sample.from("'action': 'opened', 'issue': {}")))
                .isInstanceOf(Payloads.MissingField.class)
                .hasMessageContaining("/issue/number");
    }

    private static JsonNode comment(String body) {
        return Sample.from(
                "'action': 'created', 'issue': {'number': 4}, 'comment': {'body': '%s', 'author_association': 'OWNER'}"
                        .formatted(body));
    }

    private static String ignored(String event, JsonNode payload) {
        return catchThrowableOfType(Triggers.Ignored.class, () -> Triggers.read(event, payload))
                .code();
    }
}
