package dev.runledger.redact;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Redacts a body of JSON, as a stream. Loaded only where Jackson is there. */
final class PayloadJson {
    /** Without Jackson's buffers of threads: those of a server's threads would keep the class loader of an application that is gone. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .build();

    private PayloadJson() {}

    /**
     * Returns the same JSON in compact form, with everything masked that stands under a secret's name or has a secret's shape. Numbers are
     * copied digit by digit. Returns null if it is more than a JSON parser takes: nested too deep, or with a number or a text too long.
     *
     * @throws IllegalArgumentException if it is not one JSON value; says where, and repeats nothing of it
     */
    static @Nullable String redact(String json, Redactor redactor) {
        StringWriter out = new StringWriter(json.length());
        try (JsonParser parser = JSON.createParser(json);
                JsonGenerator generator = JSON.createGenerator(out)) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new IllegalArgumentException("payload is not JSON: it is empty");
            }
            for (; token != null; token = parser.nextToken()) {
                copy(token, parser, generator, redactor);
                if (parser.getParsingContext().inRoot() && parser.nextToken() != null) {
                    throw notJson(parser.currentLocation(), null);
                }
            }
        } catch (StreamConstraintsException tooMuch) {
            return null;
        } catch (JsonProcessingException broken) {
            throw notJson(broken.getLocation(), broken.getClass().getSimpleName()); // its message repeats the content
        } catch (IOException impossible) { // both ends are in memory
            throw new IllegalArgumentException("payload is not JSON", impossible);
        }
        return out.toString();
    }

    private static void copy(JsonToken token, JsonParser parser, JsonGenerator generator, Redactor redactor)
            throws IOException {
        switch (token) {
            case FIELD_NAME -> {
                String name =
                        Text.clean(parser.currentName(), parser.currentName().length());
                generator.writeFieldName(redactor.redact(name));
                copyValue(nameOfValue(name, generator), parser.nextToken(), parser, generator, redactor);
            }
            case VALUE_STRING -> generator.writeString(redacted(nameOfElement(generator), parser, redactor));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> generator.writeNumber(parser.getText());
            default -> generator.copyCurrentEvent(parser);
        }
    }

    private static void copyValue(
            String name, JsonToken value, JsonParser parser, JsonGenerator generator, Redactor redactor)
            throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            String redacted = redacted(name, parser, redactor);
            generator.writeString(redacted);
            if (PairedNames.isName(generator.getOutputContext().getCurrentName())) {
                generator.assignCurrentValue(redacted); // a value may follow in this object
            }
        } else if (redactor.isSecret(name) && isWorthMasking(value)) {
            maskUnlessDescribed(value, parser, generator, redactor);
        } else {
            copy(value, parser, generator, redactor);
        }
    }

    /** Returns the name under which a value stands: that of the pair where there is one, as in {@code {"name":"token","value":"x"}}. */
    private static String nameOfValue(String name, JsonGenerator generator) {
        return PairedNames.isValue(name) && generator.currentValue() instanceof String pair ? pair : name;
    }

    /** Returns the name under which the elements of a list stand; blank where there is none. */
    private static String nameOfElement(JsonGenerator generator) {
        JsonStreamContext list = generator.getOutputContext();
        String name =
                list.inArray() && list.getParent() != null ? list.getParent().getCurrentName() : null;
        return name == null ? "" : name;
    }

    private static String redacted(String name, JsonParser parser, Redactor redactor) throws IOException {
        return redactor.redact(name, cleanLines(parser.getText()));
    }

    /** A JSON schema under a secret's name says what the secret looks like, and is worth reading. */
    private static void maskUnlessDescribed(
            JsonToken value, JsonParser parser, JsonGenerator generator, Redactor redactor) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            generator.writeString(Redactor.MASK);
            return;
        }
        JsonToken first = parser.nextToken();
        if (first == JsonToken.FIELD_NAME && ValueLook.isSchemaWord(parser.currentName())) {
            generator.writeStartObject();
            copy(first, parser, generator, redactor);
            return;
        }
        for (JsonToken token = first; token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            parser.skipChildren();
        }
        generator.writeString(Redactor.MASK);
    }

    /** A null or a boolean under a secret's name reveals nothing, and a reader may want it. */
    private static boolean isWorthMasking(JsonToken value) {
        return value != JsonToken.VALUE_NULL && !value.isBoolean();
    }

    /** Line feeds and tabs are harmless in JSON, which escapes them; the other controls are not worth keeping. */
    private static String cleanLines(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\n' && c != '\t' && c != '\r') || (c >= 0x7F && !Text.isHarmless(c))) {
                return clean(text);
            }
        }
        return text;
    }

    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            boolean pair = Character.isSupplementaryCodePoint(point);
            boolean line = point == '\n' || point == '\t' || point == '\r';
            if (pair || line || (point >= ' ' && Text.isHarmless((char) point))) {
                clean.appendCodePoint(point);
            }
        });
        return clean.toString();
    }

    private static IllegalArgumentException notJson(@Nullable JsonLocation where, @Nullable String what) {
        if (where == null) {
            return new IllegalArgumentException("payload is not JSON: " + what);
        }
        return new IllegalArgumentException("payload is not JSON: %s at line %s, column %s"
                .formatted(what == null ? "more than one value" : what, where.getLineNr(), where.getColumnNr()));
    }
}
