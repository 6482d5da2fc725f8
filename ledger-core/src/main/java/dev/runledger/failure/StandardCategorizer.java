package dev.runledger.failure;

import static dev.runledger.failure.Failure.Category.AUTHENTICATION;
import static dev.runledger.failure.Failure.Category.BUG;
import static dev.runledger.failure.Failure.Category.CANCELLED;
import static dev.runledger.failure.Failure.Category.CONNECTIVITY;
import static dev.runledger.failure.Failure.Category.SCHEMA;
import static dev.runledger.failure.Failure.Category.TIMEOUT;
import static dev.runledger.failure.Failure.Category.UNKNOWN;

import dev.runledger.failure.Failure.Category;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows errors by the names of their classes and of what these extend, so that it needs none of them on the class path: not even
 * {@code java.sql}, which a modular host may not have.
 */
enum StandardCategorizer implements Failure.Categorizer {
    INSTANCE;

    static final int MAX_CAUSES = 32;

    private static final Map<String, Category> KNOWN = Map.ofEntries(
            Map.entry("java.net.SocketTimeoutException", TIMEOUT),
            Map.entry("java.net.http.HttpTimeoutException", TIMEOUT),
            Map.entry("java.util.concurrent.TimeoutException", TIMEOUT),
            Map.entry("java.sql.SQLTimeoutException", TIMEOUT),
            Map.entry("io.netty.handler.timeout.TimeoutException", TIMEOUT),
            Map.entry("java.nio.channels.ClosedByInterruptException", CANCELLED),
            Map.entry("java.lang.InterruptedException", CANCELLED),
            Map.entry("java.util.concurrent.CancellationException", CANCELLED),
            Map.entry("java.io.InterruptedIOException", TIMEOUT),
            Map.entry("java.net.UnknownHostException", CONNECTIVITY),
            Map.entry("java.net.SocketException", CONNECTIVITY),
            Map.entry("java.nio.channels.ClosedChannelException", CONNECTIVITY),
            Map.entry("java.nio.channels.UnresolvedAddressException", CONNECTIVITY),
            Map.entry("javax.net.ssl.SSLPeerUnverifiedException", AUTHENTICATION),
            Map.entry("java.security.cert.CertificateException", AUTHENTICATION),
            Map.entry("javax.net.ssl.SSLException", CONNECTIVITY),
            Map.entry("java.io.EOFException", CONNECTIVITY),
            Map.entry("java.sql.SQLTransientConnectionException", CONNECTIVITY),
            Map.entry("java.sql.SQLNonTransientConnectionException", CONNECTIVITY),
            Map.entry("java.sql.SQLRecoverableException", CONNECTIVITY),
            Map.entry("java.sql.SQLInvalidAuthorizationSpecException", AUTHENTICATION),
            Map.entry("java.sql.SQLSyntaxErrorException", SCHEMA),
            Map.entry("java.sql.SQLDataException", SCHEMA),
            Map.entry("javax.security.auth.login.LoginException", AUTHENTICATION),
            Map.entry("java.nio.file.AccessDeniedException", AUTHENTICATION),
            Map.entry("java.lang.SecurityException", AUTHENTICATION),
            Map.entry("com.fasterxml.jackson.core.JacksonException", SCHEMA),
            Map.entry("com.fasterxml.jackson.core.JsonProcessingException", SCHEMA),
            Map.entry("tools.jackson.core.JacksonException", SCHEMA),
            Map.entry("com.google.gson.JsonParseException", SCHEMA),
            Map.entry("org.yaml.snakeyaml.error.YAMLException", SCHEMA),
            Map.entry("org.xml.sax.SAXException", SCHEMA),
            Map.entry("javax.xml.stream.XMLStreamException", SCHEMA),
            Map.entry("java.nio.charset.CharacterCodingException", SCHEMA),
            Map.entry("java.time.format.DateTimeParseException", SCHEMA),
            Map.entry("java.lang.StackOverflowError", BUG),
            Map.entry("java.lang.LinkageError", BUG),
            Map.entry("java.lang.AssertionError", BUG),
            Map.entry("java.lang.NullPointerException", BUG),
            Map.entry("java.lang.ClassCastException", BUG),
            Map.entry("java.lang.IndexOutOfBoundsException", BUG),
            Map.entry("java.lang.ArithmeticException", BUG),
            Map.entry("java.lang.ArrayStoreException", BUG),
            Map.entry("java.lang.NegativeArraySizeException", BUG),
            Map.entry("java.lang.UnsupportedOperationException", BUG),
            Map.entry("java.lang.IllegalArgumentException", BUG),
            Map.entry("java.lang.IllegalStateException", BUG),
            Map.entry("java.util.NoSuchElementException", BUG),
            Map.entry("java.util.ConcurrentModificationException", BUG));

    @Override
    public Category categorize(Throwable error) {
        Category wrapper = UNKNOWN;
        Throwable cause = error;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            Category category = ofOne(cause);
            if (category == BUG || (category != UNKNOWN && isPools(cause))) {
                // an illegal state is often only how a timeout is wrapped, and a pool wraps whatever kept it from
                // connecting
                wrapper = wrapper == UNKNOWN || wrapper == BUG ? category : wrapper;
            } else if (category != UNKNOWN) {
                return category;
            }
            cause = causeOf(cause);
        }
        return wrapper;
    }

    private static Category ofOne(Throwable error) {
        Category byStatus = HttpStatus.categoryOf(error);
        if (byStatus != UNKNOWN) {
            return byStatus;
        }
        for (Class<?> type = error.getClass(); type != null && type != Throwable.class; type = type.getSuperclass()) {
            Category known = KNOWN.get(type.getName());
            if (known != null) {
                return known;
            }
            if (type.getName().equals("java.sql.SQLException")) {
                return SqlState.categoryOf(error);
            }
        }
        return UNKNOWN;
    }

    private static boolean isPools(Throwable error) {
        return error.getClass().getName().equals("java.sql.SQLTransientConnectionException");
    }

    static @Nullable Throwable causeOf(Throwable error) {
        try {
            return error.getCause();
        } catch (Throwable hostile) {
            return null;
        }
    }
}
