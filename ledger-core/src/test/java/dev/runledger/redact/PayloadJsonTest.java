package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadJsonTest {
    private static String redact(String json) {
        return PayloadJson.redact(json, Redactor.standard());
    }

    @Test
    void masksUnderASecretsNameWhateverStandsThere() {
        assertThat(redact(
                        "{\"password\": \"x\", \"apiKey\": {\"a\": [1, 2]}, \"token\": [1], \"secret\": 7, \"b\": 1}"))
                .isEqualTo(
                        "{\"password\":\"[redacted]\",\"apiKey\":\"[redacted]\",\"token\":\"[redacted]\",\"secret\":\"[redacted]\",\"b\":1}");
        assertThat(redact("{\"token\": null, \"secret\": false}")).isEqualTo("{\"token\":null,\"secret\":false}");
    }

    @Test
    void whatNoReaderSeesInANameDoesNotHideIt() {
        assertThat(redact("{\"pass\u200bword\":\"hunter2\",\"api\u00adKey\":[1],\"tok\\u0000en\":\"k1\"}"))
                .isEqualTo("{\"password\":\"[redacted]\",\"apiKey\":\"[redacted]\",\"token\":\"[redacted]\"}");
    }

    @Test
    void masksTheValueBesideItsName() {
        assertThat(redact("[{\"name\":\"Authorization\",\"value\":\"abc\"},{\"name\":\"Accept\",\"value\":\"abc\"}]"))
                .isEqualTo(
                        "[{\"name\":\"Authorization\",\"value\":\"[redacted]\"},{\"name\":\"Accept\",\"value\":\"abc\"}]");
    }

    @Test
    void underAWeakNameOnlyWhatLooksLikeASecretIsMasked() {
        String harmless =
                "{\"auth\":\"basic\",\"tokens\":512,\"session\":{\"id\":7},\"errors\":{\"password\":\"must not be blank\"},"
                        + "\"properties\":{\"apiKey\":{\"type\":\"string\"}}}";
        assertThat(redact(harmless)).isEqualTo(harmless);
        assertThat(redact("{\"auth\":\"a1b2c3d4\",\"tokens\":[\"a1b2c3d4\",\"none\"]}"))
                .isEqualTo("{\"auth\":\"[redacted]\",\"tokens\":[\"[redacted]\",\"none\"]}");
    }

    @Test
    void masksShapesInsideTextsAndCleansThem() {
        assertThat(redact("[\"password=x y\", \"a\\u0000b\\u202ec\\nd\"]"))
                .isEqualTo("[\"password=[redacted] y\",\"abc\\nd\"]");
    }

    @Test
    void keepsEveryDigit() {
        String numbers = "[1e400,0.1000,123456789012345678901234567890,-0.0,1E-7]";
        assertThat(redact(numbers)).isEqualTo(numbers);
        assertThat(redact(" \"x\" ")).isEqualTo("\"x\"");
        assertThat(redact("7")).isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":}", "hunter2", "1 2", "{} x", "{\"a\":1}}", "[NaN]", "{'a':1}"})
    void saysWhereItIsNoJsonAndRepeatsNothingOfIt(String json) {
        assertThatThrownBy(() -> redact(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("payload is not JSON")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void takesNoMoreThanAReaderTakes() {
        assertThat(redact("[".repeat(1_000) + "]".repeat(1_000))).isNotNull();
        assertThat(redact("[".repeat(5_000) + "]".repeat(5_000))).isNull();
        assertThat(redact("[1," + "9".repeat(1_001) + "]")).isNull();
        assertThat(redact("\"" + "x".repeat(20_000_001) + "\"")).isNull();
    }
}
