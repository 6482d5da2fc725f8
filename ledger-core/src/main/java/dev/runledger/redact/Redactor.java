package dev.runledger.redact;

import dev.runledger.redact.SecretNames.Strength;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Masks secrets: every text under a name that says it is one, and the known shapes of secrets inside any text.
 *
 * <p>Names are compared without regard to case and separators, by their last words: {@code apiKey}, {@code API_KEY} and {@code
 * x.api-key} are one. A strong name masks its value, whatever it is: {@code password}, {@code apiKey}, {@code clientSecret}, {@code
 * accessToken}. What stays is the prose of a check, such as {@code password: must not be blank}, a placeholder such as {@code
 * ${DB_PASSWORD}}, and a word for no value. {@code token}, {@code secret}, {@code credentials} and {@code signature} mask a value that is
 * assigned or quoted. After a colon, and under a weak name ({@code auth}, {@code pass}, {@code cookie}, {@code session}, {@code tokens}), a
 * value is masked if it looks like a secret. Words, numbers, paths and UUIDs do not.
 *
 * <p>The shapes are those of {@link #shapes()}. Each masks the secret alone, and what is around it stays readable:
 *
 * <ul>
 *   <li>{@code named-value}, {@code name-value-pair}, {@code xml-element}, {@code command-option}: {@code name=value}, {@code "name":
 *       "value"}, {@code {"name":"Authorization","value":"x"}}, {@code <password>x</password>}, {@code --password x}, {@code curl -u
 *       user:x}, {@code mysql -px}.
 *   <li>{@code http-authorization}, {@code http-cookie}: the values of these headers to their end, and credentials of the schemes Basic,
 *       Bearer, Digest, Negotiate, NTLM, SharedKey and AWS4-HMAC-SHA256 anywhere.
 *   <li>{@code url-password}, {@code private-key} (PEM and PGP), {@code json-web-token}, {@code card-number} (13 to 19 digits with a valid
 *       check digit).
 *   <li>The keys of one issuer each, by their prefix, alphabet and length: {@code github-token}, {@code aws-access-key}, {@code
 *       slack-webhook}, and so on.
 * </ul>
 *
 * <p>These kinds are missed:
 *
 * <ul>
 *   <li>a secret without a name, a prefix or a scheme: a bare password, an AWS secret key, a recovery code, a seed phrase;
 *   <li>one in a sentence: {@code the password is x}, {@code use x as the key};
 *   <li>the rest of an unquoted value behind white space, a comma, a semicolon, a quote or a bracket;
 *   <li>a short or plain word under {@code token} or {@code secret} after a colon, or under a weak name;
 *   <li>a value that reads like a placeholder or like the prose of a check: {@code password=required};
 *   <li>the password of a URL with a slash in it, or after a user that is missing too; {@code sqlplus user/password@host};
 *   <li>a value that stands before its name, or beside it in a list or a table: {@code {"value":"x","name":"token"}}, {@code ["token","x"]};
 *   <li>a name in another language than English, or spelled with letters of another script;
 *   <li>a secret that is encoded (base64, percent signs, Unicode escapes), compressed, or split over several texts;
 *   <li>the keys of issuers that mark them by no prefix, or by one that is not known here;
 *   <li>a card number inside a longer run of digits, and one in a name or an id without blanks;
 *   <li>what a database driver quotes of a row in its messages. PostgreSQL's driver leaves it out with {@code logServerErrorDetail=false}.
 * </ul>
 *
 * <p>Immutable and thread-safe. Redacting twice is redacting once. Takes time linear in the length of the text, whatever the text.
 */
public final class Redactor {
    /** The text that replaces a secret. */
    public static final String MASK = "[redacted]";

    /** What is not settled after so many passes was made to be unsettled. */
    private static final int MAX_PASSES = 4;

    private static final Redactor STANDARD = builder().build();

    private final Rules rules;
    private final PlainText plain = new PlainText();
    private final List<UnaryOperator<String>> more;

    private Redactor(Builder builder) {
        this.rules = new Rules(
                new SecretNames(builder.secretNames, builder.allowedNames),
                builder.disabledShapes,
                builder.allowedTexts);
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

    /** Returns the names of all shapes, as {@link Builder#disableShape} takes them. They are stable. */
    public static List<String> shapes() {
        return Arrays.stream(Shape.values()).map(Shape::code).toList();
    }

    /**
     * Returns whether a name is a secret's by itself. Text under a weak name, such as {@code auth}, may be a secret all the same: {@link
     * #redact(String, String)} looks at both. What no reader sees in a name, such as a zero-width space, makes no difference.
     */
    public boolean isSecret(String name) {
        return rules.names().of(name).compareTo(Strength.ASSIGNED) >= 0;
    }

    /** Returns the text with every known shape of a secret masked; the same instance if there is none. */
    public String redact(String text) {
        return redact(text, true);
    }

    /**
     * Returns the text of a field with this name: {@link #MASK} if the name and the text together are a secret, else the text with every
     * known shape of a secret masked.
     */
    public String redact(String name, String text) {
        return isSecret(name, text) ? MASK : redact(text);
    }

    /** Returns whether the whole text of a field with this name is a secret. */
    boolean isSecret(String name, String text) {
        Strength strength = rules.names().of(name);
        if (strength == Strength.NONE || rules.isAllowed(Shape.NAMED_VALUE, text, 0, text.length())) {
            return false;
        }
        if (strength == Strength.WEAK) {
            return ValueLook.hasSecretPart(text, 0, text.length());
        }
        return !ValueLook.isExcused(text, 0, text.length());
    }

    /** Returns whether a text is on one line and free of everything that this could mask: neither cleaning nor redaction changes it. */
    boolean isPlain(String text) {
        return more.isEmpty() && plain.isPlain(text);
    }

    /**
     * The same for a text that identifies something. Where it has no blank, a long number in it is an id's and no card's: every tenth
     * such number has a valid check digit, and ids that are masked would all be one.
     */
    String redactId(String id) {
        return redact(id, id.indexOf(' ') >= 0);
    }

    /** Returns what an id looks like, with the way to allow it, as a phrase; null if no known shape is in it. */
    @Nullable
    String rule(String id) {
        return isAllowed(id) ? null : new SecretScan(id, rules, id.indexOf(' ') >= 0).rule();
    }

    private boolean isAllowed(String text) {
        return rules.allowedTexts().contains(text);
    }

    private String redact(String text, boolean cards) {
        String redacted = plain.isPlain(text) || isAllowed(text) ? text : settled(text, cards);
        for (UnaryOperator<String> hook : more) {
            try {
                redacted = Objects.requireNonNullElse(hook.apply(redacted), MASK);
            } catch (RuntimeException | StackOverflowError broken) { // what a hook cannot judge is not shown
                return MASK;
            }
        }
        return redacted;
    }

    /** Redacts until nothing changes, which the second pass nearly always finds: a mask must not make a secret of what is beside it. */
    @SuppressWarnings("ReferenceEquality") // the very same instance is how a scan says that it found nothing
    private String settled(String text, boolean cards) {
        String before = text;
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            String after = new SecretScan(before, rules, cards).redact();
            if (after == before) {
                return after;
            }
            before = after;
        }
        return MASK;
    }

    /** Builds a {@link Redactor}. Not thread-safe. */
    public static final class Builder {
        private final Set<String> secretNames = new HashSet<>();
        private final Set<String> allowedNames = new HashSet<>();
        private final Set<String> allowedTexts = new HashSet<>();
        private final Set<Shape> disabledShapes = EnumSet.noneOf(Shape.class);
        private final List<UnaryOperator<String>> more = new ArrayList<>();

        private Builder() {}

        /** Adds a name under which every text is a secret, such as {@code pin}. */
        public Builder secretName(String name) {
            secretNames.add(NameWords.of(Objects.requireNonNull(name, "name")));
            return this;
        }

        /** Allows a name that sounds like a secret's and is none, such as {@code buildToken}. Longer names that end with it stay secret. */
        public Builder allowName(String name) {
            allowedNames.add(NameWords.of(Objects.requireNonNull(name, "name")));
            return this;
        }

        /**
         * Allows a text that looks like a secret and is none, such as the password of a test database. It stays readable where it is the
         * whole text, or all that would be masked in a longer one.
         */
        public Builder allowText(String text) {
            allowedTexts.add(Objects.requireNonNull(text, "text"));
            return this;
        }

        /**
         * Disables a shape by its name, such as {@code card-number}.
         *
         * @throws IllegalArgumentException if no shape has this name; the message lists {@link Redactor#shapes}
         */
        public Builder disableShape(String shape) {
            disabledShapes.add(Shape.of(Objects.requireNonNull(shape, "shape")));
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
