package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignaturesTest {
    private final Signatures signatures = new Signatures("It's a Secret to Everybody");

    @Test
    void signsAsOpenSslDoes() {
        assertThat(signatures.sign("Hello, World!"))
                .isEqualTo("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    @Test
    void onlyTheBodyThatWasSignedIsRight() {
        String signature = signatures.sign("{}");

        assertThat(signatures.isRight(delivery("{}", signature))).isTrue();
        assertThat(signatures.isRight(delivery("{ }", signature))).isFalse();
        assertThat(new Signatures("another").isRight(delivery("{}", signature))).isFalse();
    }

    @Test
    void noSignatureIsAWrongOne() {
        assertThat(signatures.isRight(delivery("{}", null))).isFalse();
        assertThat(signatures.isRight(delivery("{}", ""))).isFalse();
    }

    private static Delivery delivery(String body, String signature) {
        return new Delivery("issues", "d-1", body, signature, true);
    }
}
