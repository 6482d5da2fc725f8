package org.springframework.web.client;

/** Stands in for the real client's exception, whose status is an object with a {@code value()}. */
public class RestClientResponseException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    public RestClientResponseException(int status) {
        this.status = status;
    }

    public Status getStatusCode() {
        return new Status(status);
    }

    public record Status(int value) {}

    /** As the real client has one for each status. */
    public static final class Narrower extends RestClientResponseException {
        private static final long serialVersionUID = 1L;

        public Narrower(int status) {
            super(status);
        }
    }
}
