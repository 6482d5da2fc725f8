package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReviewStepTest {
    @Test
    void countsLinesThatWereAddedAndRemoved() throws Exception {
        ReviewStep.Result result = ReviewStep.run(Sample.hunk("@@ -1,3 +1,3 @@\\n same\\n-old\\n+new\\n+newer"));

        assertThat(result).isEqualTo(new ReviewStep.Result(2, 1, result.findings()));
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void pointsAtWhatAReviewerSeesFirst() throws Exception {
        String hunk = "@@ -1 +1,4 @@\\n+// TODO later\\n+System.out.println(1);\\n+trailing \\n+" + "x".repeat(121);

        assertThat(ReviewStep.run(Sample.hunk(hunk)).findings())
                .containsExactly(
                        "line 1: unfinished work",
                        "line 2: prints instead of logging",
                        "line 3: trailing white space",
                        "line 4: longer than 120 characters");
    }

    @Test
    void aSecretIsFoundAndNotRepeated() throws Exception {
        assertThat(ReviewStep.run(Sample.hunk("@@ -0,0 +1 @@\\n+apiKey = \\\"made-up-value\\\""))
                        .findings())
                .containsExactly("line 1: looks like a secret");
    }

    @Test
    void whatWasRemovedIsNobodysFault() throws Exception {
        assertThat(ReviewStep.run(Sample.hunk("@@ -1 +0,0 @@\\n-// FIXME")).findings())
                .isEmpty();
    }

    @Test
    void textThatIsNoHunkIsMalformed() {
        assertThatThrownBy(() -> ReviewStep.run(Sample.hunk("Binary files differ")))
                .isInstanceOf(ReviewStep.Malformed.class)
                .hasMessageContaining("@@");
    }

    @Test
    void aPayloadWithoutAHunkIsNamed() {
        assertThatThrownBy(() -> ReviewStep.run(Sample.json("{'comment': {'body': '/review'}}")))
                .isInstanceOf(Payloads.MissingField.class)
                .hasMessageContaining("/comment/diff_hunk");
    }
}
