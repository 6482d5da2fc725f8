package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private final Redactor redactor = Redactor.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "Authorization: Bearer abc.def-123 > Authorization: Bearer [redacted]",
                "curl -H 'Authorization: Basic dXNlcjpwYXNz' > curl -H 'Authorization: Basic [redacted]'",
                "sent Bearer eyJhbGciOiJIUzI1NiJ9 off > sent Bearer [redacted] off",
                "password=hunter2 > password=[redacted]",
                "the db_password = hunter2, ok > the db_password = [redacted], ok",
                "DB_PASSWORD: hunter2 > DB_PASSWORD: [redacted]",
                "{\"apiKey\":\"k-1\",\"a\":1} > {\"apiKey\":\"[redacted]\",\"a\":1}",
                "{\\\"token\\\":\\\"k-1\\\"} > {\\\"token\\\":\\\"[redacted]\\\"}",
                "tool --password hunter2 --verbose > tool --password [redacted] --verbose",
                "jdbc:postgresql://h/db?user=a&password=b&ssl=true > jdbc:postgresql://h/db?user=a&password=[redacted]&ssl=true",
                "postgres://ada:hunter2@h:5432/db > postgres://ada:[redacted]@h:5432/db",
                "jdbc:oracle:thin:scott/tiger@h:1521:x > jdbc:oracle:thin:scott/[redacted]@h:1521:x",
                "key AKIAIOSFODNN7EXAMPLE was used > key [redacted] was used",
                "ghp_0123456789abcdefghijABCDEFGHIJ456789 > [redacted]",
                "xoxb-1234567890-abcdef > [redacted]",
                "paid with 4111 1111 1111 1111 today > paid with [redacted] today",
                "card 4111 1111 1111 1111 12/27 > card [redacted] 12/27",
                "\"passwords\": [\"x\", \"y\"], a > \"passwords\": [redacted], a",
                "PGPASSWORD=hunter2 psql > PGPASSWORD=[redacted] psql",
                "https://0123456789abcdef0123456789@example.org/ > https://[redacted]@example.org/",
                "password1=hunter2 > password1=[redacted]",
                "Set-Cookie: sid=abc; Path=/ > Set-Cookie: [redacted]",
                "{\"Cookie\":\"sid=abc; x=y\",\"a\":1} > {\"Cookie\":\"[redacted]\",\"a\":1}",
                "-----BEGIN RSA PRIVATE KEY----- MIIE -----END RSA PRIVATE KEY----- > "
                        + "-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln was the token > [redacted] was the token",
            })
    void masksTheSecretAndKeepsTheRest(String text, String masked) {
        assertThat(redactor.redact(text)).isEqualTo(masked);
        assertThat(redactor.redact(masked)).as("twice is once").isSameAs(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme/app#42",
                "0190a3b1-6a2f-7c3d-8e4f-000000000001",
                "2026-03-01T12:00:00.000000Z",
                "https://example.org/a?b=c",
                "the password was wrong",
                "a bearer of news did basic training",
                "1767225600000",
                "550e8400-e29b-41d4-a716-446655440000",
                "maxTokens=100, author: ada, keyboard=us",
                "4111 1111 1111 1112",
                "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
                "tokenCount: 12; monkey=1",
            })
    void leavesWhatIsNoSecretTheVerySame(String text) {
        assertThat(redactor.redact(text)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "dbPassword",
                "DB_PASSWORD",
                "x.api-key",
                "apiKey",
                "APIKey",
                "accessToken",
                "client_secret",
                "aws.secretAccessKey",
                "privateKey",
                "HTTPAuthorization"
            })
    void knowsTheNamesOfSecrets(String name) {
        assertThat(redactor.isSecret(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"maxTokens", "tokenCount", "author", "keyboard", "secretary", "passwordChangedAt", "primaryKey"})
    void knowsWhatIsNone(String name) {
        assertThat(redactor.isSecret(name)).isFalse();
    }

    @Test
    void anApplicationAddsNamesAndFunctions() {
        Redactor own = Redactor.builder()
                .secretName("pin")
                .also(text -> text.replace("moonshot", Redactor.MASK))
                .build();
        assertThat(own.isSecret("card_pin")).isTrue();
        assertThat(own.redact("project moonshot, pin=1234")).isEqualTo("project [redacted], pin=[redacted]");
        Redactor broken = Redactor.builder()
                .also(text -> {
                    throw new IllegalStateException();
                })
                .build();
        assertThat(broken.redact("anything")).isEqualTo(Redactor.MASK);
    }

    @Test
    void anAllowedNameMasksNothing() {
        Redactor own = Redactor.builder().allowName("buildToken").build();
        assertThat(own.isSecret("build_token")).isFalse();
        assertThat(own.isSecret("other_build_token")).isTrue();
        assertThat(own.redact("buildToken=abc, token=abc")).isEqualTo("buildToken=abc, token=[redacted]");
    }

    @Test
    void anAllowedTextStaysWhereItIsAllThatWouldBeMasked() {
        Redactor own = Redactor.builder().allowText("changeit").build();
        assertThat(own.redact("password=changeit")).isEqualTo("password=changeit");
        assertThat(own.redact("password=changeit2")).isEqualTo("password=[redacted]");
        assertThat(own.redact("password", "changeit")).isEqualTo("changeit");
    }

    @Test
    void aDisabledShapeMasksNothingAndTheOthersStillDo() {
        Redactor own = Redactor.builder().disableShape("card-number").build();
        assertThat(own.redact("4111 1111 1111 1111, password=x1"))
                .isEqualTo("4111 1111 1111 1111, password=[redacted]");
        assertThatThrownBy(() -> Redactor.builder().disableShape("credit-card"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("shape 'credit-card' is not known, expected one of named-value, ")
                .hasMessageContaining("card-number")
                .hasMessageContaining("github-token");
    }

    @Test
    void aWeakNameMasksWhatLooksLikeASecret() {
        assertThat(redactor.isSecret("auth")).isFalse();
        assertThat(redactor.redact("auth", "basic, over TLS")).isEqualTo("basic, over TLS");
        assertThat(redactor.redact("auth", "a1b2c3d4")).isEqualTo(Redactor.MASK);
        assertThat(redactor.redact("password", "must not be blank")).isEqualTo("must not be blank");
        assertThat(redactor.redact("password", "hunter2")).isEqualTo(Redactor.MASK);
    }
}
