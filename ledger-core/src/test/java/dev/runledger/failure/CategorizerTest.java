package dev.runledger.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import feign.FeignException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.client.RestClientResponseException;

class CategorizerTest {
    static Stream<Arguments> errors() throws Exception {
        return Stream.of(
                is(new ConnectException(), Failure.Category.CONNECTIVITY),
                is(new UnknownHostException(), Failure.Category.CONNECTIVITY),
                is(new EOFException(), Failure.Category.CONNECTIVITY),
                is(new SSLHandshakeException("x"), Failure.Category.CONNECTIVITY),
                is(new SocketTimeoutException(), Failure.Category.TIMEOUT),
                is(new HttpConnectTimeoutException("x"), Failure.Category.TIMEOUT),
                is(new TimeoutException(), Failure.Category.TIMEOUT),
                is(new SQLTimeoutException(), Failure.Category.TIMEOUT),
                is(new SQLException("x", "57014"), Failure.Category.TIMEOUT),
                is(new SQLException("x", "08006"), Failure.Category.CONNECTIVITY),
                is(new SQLException("x", "28P01"), Failure.Category.AUTHENTICATION),
                is(new SQLException("x", "42P01"), Failure.Category.SCHEMA),
                is(new SQLException("x", "42501"), Failure.Category.AUTHENTICATION),
                is(new SQLException("x"), Failure.Category.UNKNOWN),
                is(new InterruptedException(), Failure.Category.CANCELLED),
                is(new CancellationException(), Failure.Category.CANCELLED),
                is(jsonError(), Failure.Category.SCHEMA),
                is(new NullPointerException(), Failure.Category.BUG),
                is(new IllegalStateException(), Failure.Category.BUG),
                is(new NoClassDefFoundError(), Failure.Category.BUG),
                is(new StackOverflowError(), Failure.Category.BUG),
                is(new OutOfMemoryError(), Failure.Category.UNKNOWN),
                is(new Exception("x"), Failure.Category.UNKNOWN),
                is(new IllegalStateException(new SocketTimeoutException()), Failure.Category.TIMEOUT),
                is(
                        new CompletionException(new ExecutionException(new ConnectException())),
                        Failure.Category.CONNECTIVITY),
                is(new UncheckedIOException(new IOException(new TimeoutException())), Failure.Category.TIMEOUT),
                is(new SQLTransientConnectionException("pool"), Failure.Category.CONNECTIVITY),
                is(
                        new SQLTransientConnectionException("pool", new SQLException("x", "28P01")),
                        Failure.Category.AUTHENTICATION),
                is(new FeignException(429), Failure.Category.RATE_LIMIT),
                is(new FeignException(503), Failure.Category.CONNECTIVITY),
                is(new FeignException(504), Failure.Category.TIMEOUT),
                is(new FeignException(500), Failure.Category.UNKNOWN),
                is(new RestClientResponseException(401), Failure.Category.AUTHENTICATION),
                is(new RestClientResponseException.Narrower(422), Failure.Category.SCHEMA),
                is(new RuntimeException(new RestClientResponseException(403)), Failure.Category.AUTHENTICATION));
    }

    private static Arguments is(Throwable error, Failure.Category category) {
        return Arguments.of(error, category);
    }

    private static JsonProcessingException jsonError() {
        try {
            new ObjectMapper().readTree("{");
            throw new AssertionError("that was no JSON");
        } catch (JsonProcessingException expected) {
            return expected;
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void tellsWhatKindOfFailureItIs(Throwable error, Failure.Category category) {
        assertThat(Failure.Categorizer.standard().categorize(error)).isEqualTo(category);
    }

    @Test
    void survivesACycleOfCausesAndAnErrorThatThrowsWhenAsked() {
        Exception one = new Exception("one");
        one.initCause(new Exception("two", one));
        assertThat(Failure.Categorizer.standard().categorize(one)).isEqualTo(Failure.Category.UNKNOWN);
        Exception hostile = new Exception() {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("no");
            }
        };
        assertThat(Failure.Categorizer.standard().categorize(hostile)).isEqualTo(Failure.Category.UNKNOWN);
    }

    @Test
    void aHostsOwnRuleComesFirst() {
        Failure.Categorizer own =
                error -> error instanceof IOException ? Failure.Category.RATE_LIMIT : Failure.Category.UNKNOWN;
        Failure.Categorizer both = own.orElse(Failure.Categorizer.standard());
        assertThat(both.categorize(new ConnectException())).isEqualTo(Failure.Category.RATE_LIMIT);
        assertThat(both.categorize(new TimeoutException())).isEqualTo(Failure.Category.TIMEOUT);
    }

    @Test
    void theStatusOfACallIsThatOfTheFirstClientInTheCauses() {
        assertThat(Failure.statusCodeOf(new IllegalStateException(new FeignException(503))))
                .contains(503);
        assertThat(Failure.statusCodeOf(new FeignException(-1))).isEmpty();
        assertThat(Failure.statusCodeOf(new IllegalStateException("503"))).isEmpty();
    }

    @Test
    void aNumberOutsideTheClassesOfHttpIsNoStatus() {
        assertThat(IntStream.range(-1_000, 2_000).filter(Failure::isStatusCode).boxed())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(100, 599).boxed().toList());
    }

    @Test
    void aNativeImageIsGivenEveryMethodThatIsCalledByItsName() throws Exception {
        Map<String, String> named = new HashMap<>();
        try (InputStream file = HttpStatus.class.getResourceAsStream(
                "/META-INF/native-image/dev.runledger/ledger-core/reflect-config.json")) {
            for (JsonNode type : new ObjectMapper().readTree(file)) {
                named.put(
                        type.get("name").asText(),
                        type.path("methods").path(0).path("name").asText());
            }
        }
        HttpStatus.CLIENTS.forEach((client, calls) -> assertThat(named).containsEntry(client, calls.get(0)));
        assertThat(named).containsKey("com.fasterxml.jackson.databind.ObjectMapper");
    }
}
