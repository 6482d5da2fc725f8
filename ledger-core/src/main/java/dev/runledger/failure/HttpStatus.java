package dev.runledger.failure;

import dev.runledger.failure.Failure.Category;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the HTTP status out of the exceptions of well-known clients, by the names of their classes. */
final class HttpStatus {
    /** The classes, each with the calls that lead from the exception to the number. The metadata for native images lists them, too. */
    static final Map<String, List<String>> CLIENTS = Map.ofEntries(
            Map.entry("org.springframework.web.client.RestClientResponseException", List.of("getStatusCode", "value")),
            Map.entry(
                    "org.springframework.web.reactive.function.client.WebClientResponseException",
                    List.of("getStatusCode", "value")),
            Map.entry("org.springframework.web.server.ResponseStatusException", List.of("getStatusCode", "value")),
            Map.entry("feign.FeignException", List.of("status")),
            Map.entry("retrofit2.HttpException", List.of("code")),
            Map.entry("jakarta.ws.rs.WebApplicationException", List.of("getResponse", "getStatus")),
            Map.entry("javax.ws.rs.WebApplicationException", List.of("getResponse", "getStatus")),
            Map.entry("org.apache.http.client.HttpResponseException", List.of("getStatusCode")),
            Map.entry("org.apache.hc.client5.http.HttpResponseException", List.of("getStatusCode")),
            Map.entry("com.google.api.client.http.HttpResponseException", List.of("getStatusCode")),
            Map.entry("software.amazon.awssdk.core.exception.SdkServiceException", List.of("statusCode")),
            Map.entry("com.azure.core.exception.HttpResponseException", List.of("getResponse", "getStatusCode")),
            Map.entry("org.kohsuke.github.HttpException", List.of("getResponseCode")));

    private HttpStatus() {}

    /** Returns the first status in the chain of causes. */
    static Optional<Integer> of(Throwable error) {
        Throwable cause = error;
        for (int i = 0; i < StandardCategorizer.MAX_CAUSES && cause != null; i++) {
            Integer status = ofOne(cause);
            if (status != null && Failure.isStatusCode(status)) {
                return Optional.of(status);
            }
            cause = StandardCategorizer.causeOf(cause);
        }
        return Optional.empty();
    }

    static Category categoryOf(Throwable error) {
        Integer status = ofOne(error);
        return status == null ? Category.UNKNOWN : categoryOf(status);
    }

    private static @Nullable Integer ofOne(Throwable error) {
        for (Class<?> type = error.getClass(); type != null && type != Throwable.class; type = type.getSuperclass()) {
            List<String> calls = CLIENTS.get(type.getName());
            if (calls != null) {
                return read(error, calls) instanceof Integer status ? status : null;
            }
        }
        return null;
    }

    private static @Nullable Object read(Throwable error, List<String> calls) {
        Object answer = error;
        for (String call : calls) {
            answer = answer == null ? null : ReflectiveGetters.of(answer, call);
        }
        return answer;
    }

    private static Category categoryOf(int status) {
        return switch (status) {
            case 401, 403, 407 -> Category.AUTHENTICATION;
            case 429 -> Category.RATE_LIMIT;
            case 408, 504 -> Category.TIMEOUT;
            case 502, 503 -> Category.CONNECTIVITY;
            default -> status >= 400 && status < 500 ? Category.SCHEMA : Category.UNKNOWN;
        };
    }
}
