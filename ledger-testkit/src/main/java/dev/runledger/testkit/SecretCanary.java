package dev.runledger.testkit;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.Payload;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes values that look like secrets and can be recognized, for a test to plant wherever its code takes text. A {@link LedgerKit} that
 * gave one out fails the test if any of them can be read in the recorder, the store or a witness, and takes their redaction as expected.
 * Thread-safe.
 */
public final class SecretCanary {
    private static final int MARK_BYTES = 18;

    /** Writes a secret as texts about a request do, with nothing but what is around it to give it away. */
    private enum Form {
        LINE_BREAK("password:\n  %s"),
        HEADER_MAP("{Accept=[text/plain], Authorization=[Bearer %s]}"),
        XML_ELEMENT("<login><user>ada</user><password>%s</password></login>"),
        NAME_AND_VALUE("{\"name\":\"Authorization\",\"value\":\"%s\"}");

        private final String text;

        Form(String text) {
            this.text = text;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** The shortest part of a secret that is still one, if the rest was cut off. No two marks have it in common. */
    private static final int SHORTEST = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, String> planted = new ConcurrentHashMap<>();

    /** Makes a canary that has planted nothing. */
    public SecretCanary() {}

    /** Returns a bare secret, which only the name of its field can give away: for {@code put("dbPassword", canary.secret())}. */
    public String secret() {
        return mark("secret()");
    }

    /** Returns an access token, which its shape gives away under any name and in any text. */
    public String token() {
        return "ghp_" + mark("token()");
    }

    /**
     * Returns custom fields with secrets by their names and by their shapes: a header, a URL, a value on the line after its name, a map of
     * headers as Java prints it, an element of XML, and a pair of a name and a value in JSON.
     */
    public EventFields fields() {
        return EventFields.of()
                .put("apiKey", mark("apiKey of fields()"))
                .put("dbPassword", mark("dbPassword of fields()"))
                .put("header", "Authorization: Bearer " + mark("header of fields()"))
                .put("remote", "https://bot:" + mark("remote of fields()") + "@example.org/repository")
                .put("wrapped", in(Form.LINE_BREAK, "fields()"))
                .put("headers", in(Form.HEADER_MAP, "fields()"))
                .put("xml", in(Form.XML_ELEMENT, "fields()"))
                .put("pair", in(Form.NAME_AND_VALUE, "fields()"));
    }

    /**
     * Returns an error with secrets in its message, which has several lines, in that of its cause, and in that of a suppressed one. The
     * message has the forms of {@link #fields} that name a secret.
     */
    public RuntimeException error() {
        IllegalStateException cause = new IllegalStateException(
                "no route to jdbc:postgresql://db/app?user=app&password=" + mark("cause of error()"));
        StringBuilder message = new StringBuilder("login failed: password=" + mark("message of error()"));
        for (Form form : Form.values()) {
            message.append('\n').append(in(form, "error()"));
        }
        RuntimeException error = new RuntimeException(message.toString(), cause);
        error.addSuppressed(new IllegalArgumentException("token=" + mark("suppressed of error()")));
        return error;
    }

    /**
     * Returns a body of JSON with secrets by their names, nested, in a list and in a list of names and values, and by their shapes. The
     * entries of its log have the forms of {@link #fields} that name a secret.
     */
    public Payload payload() {
        return Payload.json(
                "{\"user\":{\"name\":\"ada\",\"password\":\"%s\"},\"hooks\":[{\"clientSecret\":\"%s\"}],\"note\":\"ghp_%s\",\"headers\":[%s],\"log\":[%s]}"
                        .formatted(
                                mark("password of payload()"),
                                mark("clientSecret of payload()"),
                                mark("note of payload()"),
                                in(Form.NAME_AND_VALUE, "the headers of payload()"),
                                Stream.of(Form.values())
                                        .map(form -> quoted(in(form, "payload()")))
                                        .collect(Collectors.joining(","))));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** Returns whether a test has planted anything. */
    public boolean isPlanted() {
        return !planted.isEmpty();
    }

    /**
     * Verifies that nothing that was planted can be read in these places, not even cut short.
     *
     * @throws IllegalArgumentException if no place is given
     * @throws IllegalStateException if nothing was planted
     * @throws AssertionError if something can be read; it names what was planted and the place, and not the text around it
     */
    public void isNowhereIn(List<LedgerEvent> emitted, Witness... witnesses) {
        if (witnesses.length == 0) {
            throw new IllegalArgumentException("no witness was given, expected at least one");
        }
        if (!isPlanted()) {
            throw new IllegalStateException("nothing was planted that could be looked for");
        }
        for (Witness witness : witnesses) {
            leakIn(witness.texts(emitted)).ifPresent(plant -> {
                throw new AssertionError("%s can be read in: %s".formatted(plant, witness.name()));
            });
        }
    }

    /** Returns everything that was planted and stands in one of these texts, or empty. */
    Optional<String> leakIn(List<String> texts) {
        List<String> plants = planted.entrySet().stream()
                .filter(entry -> texts.stream().anyMatch(text -> shows(text, entry.getKey())))
                .map(Map.Entry::getValue)
                .distinct()
                .sorted()
                .toList();
        return plants.isEmpty() ? Optional.empty() : Optional.of("the canary's " + String.join(", ", plants));
    }

    private static boolean shows(String text, String mark) {
        return text.contains(mark.substring(0, SHORTEST)) || text.contains(mark.substring(mark.length() - SHORTEST));
    }

    private String in(Form form, String where) {
        return form.text.formatted(mark(form.label() + " of " + where));
    }

    /** Returns thirty-six letters and digits, as many as a token has after its prefix. */
    private String mark(String plant) {
        byte[] bytes = new byte[MARK_BYTES];
        random.nextBytes(bytes);
        String mark = HexFormat.of().formatHex(bytes);
        planted.put(mark, plant);
        return mark;
    }
}
