package dev.runledger.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/**
 * The attribute that one field becomes, by the type that its value has.
 *
 * @param field the field's name
 * @param text its key as text; null, like the other three, if the field is not an attribute
 * @param number its key as a whole number
 * @param decimal its key as a decimal
 * @param truth its key as true or false
 * @param onSpans whether spans have it too
 */
record FieldKey(
        String field,
        @Nullable AttributeKey<String> text,
        @Nullable AttributeKey<Long> number,
        @Nullable AttributeKey<Double> decimal,
        @Nullable AttributeKey<Boolean> truth,
        boolean onSpans) {
    /** Returns the key of a field that is an attribute. */
    static FieldKey of(String field, String attribute, boolean onSpans) {
        return new FieldKey(
                field,
                AttributeKey.stringKey(attribute),
                AttributeKey.longKey(attribute),
                AttributeKey.doubleKey(attribute),
                AttributeKey.booleanKey(attribute),
                onSpans);
    }

    /** Returns the key of a field that is left out. */
    static FieldKey none(String field) {
        return new FieldKey(field, null, null, null, null, false);
    }

    /** Puts the value on a record. */
    void put(LogRecordBuilder builder, Object value) {
        if (value instanceof String chars && text != null) {
            builder.setAttribute(text, chars);
        } else if (value instanceof Long whole && number != null) {
            builder.setAttribute(number, whole);
        } else if (value instanceof Boolean is && truth != null) {
            builder.setAttribute(truth, is);
        } else if (value instanceof Double fraction && decimal != null) {
            builder.setAttribute(decimal, fraction);
        }
    }

    /** Puts the value on a span. The contract has no field that is a decimal. */
    void put(Span span, Object value) {
        if (value instanceof String chars && text != null) {
            span.setAttribute(text, chars);
        } else if (value instanceof Long whole && number != null) {
            span.setAttribute(number, whole);
        } else if (value instanceof Boolean is && truth != null) {
            span.setAttribute(truth, is);
        }
    }
}
