package dev.runledger.redact;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Masks secrets: every text under a name that says it is one, and the known shapes of secrets inside any text.
 *
 * <p>Names are compared without regard to case and separators, word by word: {@code apiKey}, {@code API_KEY} and {@code
 * x.api-key} are one; {@code maxTokens}, {@code author} and {@code keyboard} are none. Known shapes are: {@code name=value},
 * {@code name: value} and {@code "name":"value"} with such a name, command line options {@code --password value}, {@code Bearer}
 * and {@code Basic} credentials, the passwords of URLs and JDBC URLs, private keys in PEM, JSON web tokens, payment card numbers
 * with a valid check digit, and the keys of AWS, GitHub, GitLab, Slack, Google, Stripe, npm, OpenAI and Anthropic by their
 * prefixes. The secret alone is masked, what is around it stays readable, and redacting twice is redacting once.
 *
 * <p>It misses a secret without a known name or prefix (a bare password, 40 characters of an AWS secret key), one in a sentence
 * ("the password is x"), one that is split over several fields or encoded, the part of an unquoted value after a comma or a quote, a
 * URL's password with a slash in it, a card number inside a longer run of digits, and a card number in a name or an id without
 * blanks. It masks a word after {@code token:}, which need not be a secret.
 *
 * <p>Immutable and thread-safe. Takes time linear in the length of the text, whatever the text.
 */
public final class Redactor {
    /** The text that replaces a secret. */
    public static final String MASK = "[redacted]";

    private static final Redactor STANDARD = builder().build();

    private final SecretNames names;
    private final PlainText plain = new PlainText();
    private final List<UnaryOperator<String>> more;

    private Redactor(Builder builder) {
        this.names = new SecretNames(builder.secret, builder.open);
        this.more = List.copyOf(builder.more);
    }

    /** Returns the redactor that knows the names and shapes listed above. */
    public static Redactor standard() {
        return STANDARD;
    }

    /** Starts a redactor with the names and shapes listed above. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns whether text under this name is a secret. */
    public boolean isSecret(String name) {
        return names.isSecret(name);
    }

    /** Returns whether a text is on one line and free of everything that this could mask: neither cleaning nor redaction changes it. */
    boolean isPlain(String text) {
        return more.isEmpty() && plain.isPlain(text);
    }

    /** Returns the text with every known shape of a secret masked; the same instance if there is none. */
    public String redact(String text) {
        return redact(text, true);
    }

    /**
     * The same for a text that identifies something. Where it has no blank, a long number in it is an id's and no card's: every tenth
     * such number has a valid check digit, and ids that are masked would all be one.
     */
    String redactId(String id) {
        return redact(id, id.indexOf(' ') >= 0);
    }

    /** Returns the rule by which an id shows a secret first, as a phrase; null if no known shape is in it. */
    @Nullable
    String rule(String id) {
        return new SecretScan(id, names, id.indexOf(' ') >= 0).rule();
    }

    private String redact(String text, boolean cards) {
        String redacted = plain.isPlain(text) ? text : new SecretScan(text, names, cards).redact();
        for (UnaryOperator<String> hook : more) {
            try {
                redacted = Objects.requireNonNullElse(hook.apply(redacted), MASK);
            } catch (RuntimeException | StackOverflowError broken) { // what a hook cannot judge is not shown
                return MASK;
            }
        }
        return redacted;
    }

    /** Builds a {@link Redactor}. Not thread-safe. */
    public static final class Builder {
        private final Set<String> secret = new HashSet<>();
        private final Set<String> open = new HashSet<>();
        private final List<UnaryOperator<String>> more = new ArrayList<>();

        private Builder() {}

        /** Adds a name under which text is a secret, such as {@code pin}. */
        public Builder secretName(String name) {
            secret.add(SecretNames.words(Objects.requireNonNull(name, "name")));
            return this;
        }

        /** Exempts a name that sounds like a secret's and is none, such as {@code sessionIdPrefix}. */
        public Builder openName(String name) {
            open.add(SecretNames.words(Objects.requireNonNull(name, "name")));
            return this;
        }

        /** Adds a function that sees every text after the known shapes are masked. If it throws or returns null, the whole text is masked. */
        public Builder also(UnaryOperator<String> hook) {
            more.add(Objects.requireNonNull(hook, "hook"));
            return this;
        }

        /** Returns the redactor. */
        public Redactor build() {
            return new Redactor(this);
        }
    }
}
