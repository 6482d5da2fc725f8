package dev.runledger.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import feign.FeignException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.client.RestClientResponseException;

class ErrorCategorizerTest {
    static Stream<Arguments> errors() throws Exception {
        return Stream.of(
                is(new ConnectException(), ErrorCategory.CONNECTIVITY),
                is(new UnknownHostException(), ErrorCategory.CONNECTIVITY),
                is(new EOFException(), ErrorCategory.CONNECTIVITY),
                is(new SSLHandshakeException("x"), ErrorCategory.CONNECTIVITY),
                is(new SocketTimeoutException(), ErrorCategory.TIMEOUT),
                is(new HttpConnectTimeoutException("x"), ErrorCategory.TIMEOUT),
                is(new TimeoutException(), ErrorCategory.TIMEOUT),
                is(new SQLTimeoutException(), ErrorCategory.TIMEOUT),
                is(new SQLException("x", "57014"), ErrorCategory.TIMEOUT),
                is(new SQLException("x", "08006"), ErrorCategory.CONNECTIVITY),
                is(new SQLException("x", "28P01"), ErrorCategory.AUTHENTICATION),
                is(new SQLException("x", "42P01"), ErrorCategory.SCHEMA),
                is(new SQLException("x", "42501"), ErrorCategory.AUTHENTICATION),
                is(new SQLException("x"), ErrorCategory.UNKNOWN),
                is(new InterruptedException(), ErrorCategory.CANCELLED),
                is(new CancellationException(), ErrorCategory.CANCELLED),
                is(jsonError(), ErrorCategory.SCHEMA),
                is(new NullPointerException(), ErrorCategory.BUG),
                is(new IllegalStateException(), ErrorCategory.BUG),
                is(new NoClassDefFoundError(), ErrorCategory.BUG),
                is(new StackOverflowError(), ErrorCategory.BUG),
                is(new OutOfMemoryError(), ErrorCategory.UNKNOWN),
                is(new Exception("x"), ErrorCategory.UNKNOWN),
                is(new IllegalStateException(new SocketTimeoutException()), ErrorCategory.TIMEOUT),
                is(new CompletionException(new ExecutionException(new ConnectException())), ErrorCategory.CONNECTIVITY),
                is(new UncheckedIOException(new IOException(new TimeoutException())), ErrorCategory.TIMEOUT),
                is(new SQLTransientConnectionException("pool"), ErrorCategory.CONNECTIVITY),
                is(
                        new SQLTransientConnectionException("pool", new SQLException("x", "28P01")),
                        ErrorCategory.AUTHENTICATION),
                is(new FeignException(429), ErrorCategory.RATE_LIMIT),
                is(new FeignException(503), ErrorCategory.CONNECTIVITY),
                is(new FeignException(504), ErrorCategory.TIMEOUT),
                is(new FeignException(500), ErrorCategory.UNKNOWN),
                is(new RestClientResponseException(401), ErrorCategory.AUTHENTICATION),
                is(new RestClientResponseException.Narrower(422), ErrorCategory.SCHEMA),
                is(new RuntimeException(new RestClientResponseException(403)), ErrorCategory.AUTHENTICATION));
    }

    private static Arguments is(Throwable error, ErrorCategory category) {
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
    void tellsWhatKindOfFailureItIs(Throwable error, ErrorCategory category) {
        assertThat(ErrorCategorizer.standard().categorize(error)).isEqualTo(category);
    }

    @Test
    void survivesACycleOfCausesAndAnErrorThatThrowsWhenAsked() {
        Exception one = new Exception("one");
        one.initCause(new Exception("two", one));
        assertThat(ErrorCategorizer.standard().categorize(one)).isEqualTo(ErrorCategory.UNKNOWN);
        Exception hostile = new Exception() {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("no");
            }
        };
        assertThat(ErrorCategorizer.standard().categorize(hostile)).isEqualTo(ErrorCategory.UNKNOWN);
    }

    @Test
    void aHostsOwnRuleComesFirst() {
        ErrorCategorizer own = error -> error instanceof IOException ? ErrorCategory.RATE_LIMIT : ErrorCategory.UNKNOWN;
        ErrorCategorizer both = own.orElse(ErrorCategorizer.standard());
        assertThat(both.categorize(new ConnectException())).isEqualTo(ErrorCategory.RATE_LIMIT);
        assertThat(both.categorize(new TimeoutException())).isEqualTo(ErrorCategory.TIMEOUT);
    }
}
