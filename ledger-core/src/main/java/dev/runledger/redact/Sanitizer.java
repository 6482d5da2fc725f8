package dev.runledger.redact;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the texts of an event or of a stored run safe: on one line, redacted, and cut at the {@link Limits}. Counts what it changes.
 *
 * <p>Made for the ledger, for sinks and for stores. Thread-safe.
 */
public final class Sanitizer {
    /** No limit is lower than 64, and a cut may fall before half of a surrogate pair. */
    private static final int SHORTEST_CUT = 63;

    private static final int MARGIN = 256;
    static final char ELLIPSIS = '\u2026';
    private static final Limits OF_A_WHOLE =
            Limits.standard().reason(1 << 20).value(1 << 20).payload(1 << 28);

    private final Redactor redactor;
    private final Limits limits;
    private final boolean asStored;
    private final IdentityDigest identities;
    private final LongAdder redactions = new LongAdder();
    private final LongAdder truncations = new LongAdder();

    private Sanitizer(Redactor redactor, Limits limits, boolean asStored, Supplier<byte[]> identityKey) {
        this.redactor = Objects.requireNonNull(redactor, "redactor");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.asStored = asStored;
        this.identities = new IdentityDigest(redactor, Objects.requireNonNull(identityKey, "identityKey"));
    }

    /** Returns a sanitizer with this redaction and these limits, and an identity key of its own. */
    public static Sanitizer of(Redactor redactor, Limits limits) {
        return new Sanitizer(redactor, limits, false, IdentityDigest::newKey);
    }

    /**
     * Returns a sanitizer with this redaction and these limits.
     *
     * @param identityKey returns the key of {@link #identity}, 32 bytes or more; called once, when the key is needed first
     */
    public static Sanitizer of(Redactor redactor, Limits limits, Supplier<byte[]> identityKey) {
        return new Sanitizer(redactor, limits, false, identityKey);
    }

    /**
     * Returns a sanitizer for what is read from a store. Each text was redacted and cut before it was stored, and stays as it is. An
     * event that is too large as a whole is cut by the default limits, as it was when it was emitted.
     */
    public static Sanitizer asStored() {
        return new Sanitizer(Redactor.standard(), OF_A_WHOLE, true, IdentityDigest::newKey);
    }

    /** Returns the limits. */
    public Limits limits() {
        return limits;
    }

    /** Returns how many values were redacted. */
    public long redactions() {
        return redactions.sum();
    }

    /** Returns how many values were cut or left out for their size. */
    public long truncations() {
        return truncations.sum();
    }

    /** Counts a value that somebody else cut or left out for its size. */
    public void countTruncation() {
        truncations.increment();
    }

    /** Returns a reason: on one line, redacted, and cut at the limit of a reason. */
    public String reason(String text) {
        return text(text, limits.reason());
    }

    /** Returns a name: on one line, redacted, and cut at the limit of a value. */
    public String name(String text) {
        return text(text, limits.value());
    }

    /** Returns an id or another text that identifies something. A long number in it is not taken for a card number. */
    public String id(String text) {
        return text(text, limits.value(), true);
    }

    /**
     * Returns a text by which something is found again, of at most {@code max} characters. Different texts stay different: one that is
     * too long, or that would be cleaned or masked, becomes its masked form, {@code ~} and 16 hexadecimal digits, the beginning of an
     * HMAC-SHA256 of the whole text. Such a form stays as it is. A blank text identifies nothing and stays blank.
     *
     * @param max 64 or more
     */
    public String identity(String text, int max) {
        if (asStored || identities.isKept(text, max)) {
            return text;
        }
        if (text.isBlank()) {
            return text(text, max, true);
        }
        String kept = identities.of(text, max);
        if (kept.contains(Redactor.MASK)) {
            redactions.increment();
        }
        if (wasCut(kept)) {
            truncations.increment();
        }
        return kept;
    }

    /** Returns what a context carrier captured under this name, redacted by its name, and by its shape as an id is. */
    public String carried(String name, String text) {
        return isSecret(name, text) ? Redactor.MASK : id(text);
    }

    /** Returns the text of a custom field, redacted by its name and by its shape, and cut at the limit of a value. */
    public String value(String name, String text) {
        return isSecret(name, text) ? Redactor.MASK : text(text, limits.value());
    }

    private boolean isSecret(String name, String text) {
        boolean secret = !asStored && redactor.isSecret(name, Text.clean(text, 2 * limits.value()));
        if (secret) {
            redactions.increment();
        }
        return secret;
    }

    /** Returns a text on one line, redacted, of at most {@code max} characters. A text that was cut ends in an ellipsis. */
    public String text(String text, int max) {
        return text(text, max, false);
    }

    /** Redaction sees past the cut, so that the cut cannot halve a secret. */
    @SuppressWarnings("ReferenceEquality") // the very same instance is how the redactor says that it found nothing
    private String text(String text, int max, boolean isId) {
        if (asStored || (text.length() <= max && redactor.isPlain(text))) {
            return text;
        }
        String line = Text.clean(text, 2 * max);
        String redacted = isId ? redactor.redactId(line) : redactor.redact(line);
        if (redacted != line) {
            redactions.increment();
        }
        if (redacted.length() <= max && text.length() <= 2 * max) {
            return redacted;
        }
        truncations.increment();
        return cut(redacted, max, text.length() > 2 * max);
    }

    /** Returns whether a text that identifies something can stay as it is: it is on one line and shows nothing like a secret. */
    public boolean isPlain(String text) {
        return redactor.isPlain(text)
                || redactor.redactId(Text.clean(text, text.length())).equals(text);
    }

    /**
     * Returns what keeps a text from staying as it is, as a phrase after "it has": what it looks like and how to allow it. Repeats no
     * secret. For a text that is not {@link #isPlain}.
     */
    public String rule(String text) {
        String line = Text.clean(text, text.length());
        String rule = redactor.rule(line);
        if (rule != null) {
            return "what looks like " + rule;
        }
        return line.equals(text) ? "what a function of the redactor masks" : "control characters";
    }

    /** Returns whether a field's name shows no secret. The shortest secret of a known shape that has a name's letters has 15. */
    public boolean isPlainName(String name) {
        return asStored || name.length() < 15 || redactor.redact(name).equals(name);
    }

    /**
     * Returns a JSON payload in compact form, whole, with everything redacted that looks like a secret. Empty if it is more than a JSON
     * parser takes: nested more than 1,000 deep, with a number of more than 1,000 digits, or with a text of more than 20 million
     * characters; only its {@link #head} can be kept then.
     *
     * @throws IllegalArgumentException if it is not one JSON value; the message says where, and repeats nothing of it
     * @throws IllegalStateException if Jackson is not on the class path
     */
    public Optional<String> payload(String json) {
        try {
            String redacted = PayloadJson.redact(json, redactor);
            return redacted == null ? Optional.empty() : Optional.of(counted(json, redacted));
        } catch (NoClassDefFoundError absent) {
            throw new IllegalStateException(
                    "a payload needs Jackson: add com.fasterxml.jackson.core:jackson-databind (2.15 or later) to the class path; on the module path, require com.fasterxml.jackson.databind",
                    absent);
        }
    }

    /** Returns the head of a payload, which is no longer JSON, with everything redacted that looks like a secret in a text. */
    public String head(String json) {
        return counted(json, redactor.redact(json));
    }

    private String counted(String json, String redacted) {
        if (redacted.contains(Redactor.MASK) && !json.contains(Redactor.MASK)) {
            redactions.increment();
        }
        return redacted;
    }

    /** Returns the class, message and stack of an error as texts, redacted and cut. Never throws, whatever the error does. */
    public ErrorText describe(Throwable error) {
        return ErrorTexts.of(error, redactor);
    }

    /** Returns texts of an error that is no longer there, redacted and cut as {@link #describe} does; null stays null. */
    public ErrorText describe(@Nullable String errorClass, @Nullable String errorMessage, @Nullable String errorStack) {
        return new ErrorText(
                nullable(errorClass, ErrorTexts.MAX_CLASS),
                nullable(errorMessage, ErrorTexts.MAX_MESSAGE),
                nullable(errorStack, ErrorTexts.MAX_STACK),
                false);
    }

    private @Nullable String nullable(@Nullable String text, int max) {
        return text == null ? null : text(text, max);
    }

    /** Returns the stack of an error, given as text, on one line, redacted and cut at the limit of a stack. */
    public String stack(String text) {
        return text(text, ErrorTexts.MAX_STACK);
    }

    /** Returns the error if all that it prints is harmless, else a stand-in that prints like it, redacted and cut. Never throws. */
    public Throwable printable(Throwable error) {
        return SafeThrowable.of(error, redactor);
    }

    /** Returns a text on one line and at most {@code max} characters long, without redaction; the same instance if it is that already. */
    public static String clean(String text, int max) {
        return Text.clean(text, max);
    }

    /** Returns whether a text was cut, here or before it was stored, so that an event says the same of itself whenever it is read. */
    public static boolean wasCut(@Nullable String text) {
        if (text == null || text.length() < SHORTEST_CUT) {
            return false;
        }
        int digest = IdentityDigest.digestAt(text);
        return text.charAt((digest > 0 ? digest : text.length()) - 1) == ELLIPSIS;
    }

    /**
     * Cuts a redacted text to its limit. If the text was cut before it was redacted, its end goes as well: a secret may have been
     * halved there, and half a secret has no known shape.
     */
    static String cut(String redacted, int max, boolean endMayBeHalfASecret) {
        int end = redacted.length() - (endMayBeHalfASecret ? Math.min(MARGIN, max) : 0);
        return Text.clean(redacted.substring(0, Math.max(0, end)), max - 1) + ELLIPSIS;
    }

    /**
     * An error as texts for fields and columns.
     *
     * @param errorClass the name of its class, or null if it is not known
     * @param errorMessage its message, or null if it has none
     * @param errorStack its stack on one line, the parts joined by {@code " | "}, or null if it is not known
     * @param truncated whether a text was cut
     */
    public record ErrorText(
            @Nullable String errorClass,
            @Nullable String errorMessage,
            @Nullable String errorStack,
            boolean truncated) {}
}
