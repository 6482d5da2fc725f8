package dev.runledger.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks a value against the part of JSON Schema 2020-12 that the schema of the events uses.
 *
 * <p>It throws on a keyword that it does not know. A test compares it with a whole validator.
 */
final class SchemaCheck {
    private static final Set<String> ANNOTATIONS = Set.of("$schema", "$id", "title", "description");

    private final List<String> faults = new ArrayList<>();

    private SchemaCheck() {}

    /** Returns what is wrong with the value, each fault with its path; empty if the value satisfies the schema. */
    static List<String> faults(JsonNode schema, JsonNode value) {
        SchemaCheck check = new SchemaCheck();
        check.check(schema, value, "$");
        return List.copyOf(check.faults);
    }

    private void check(JsonNode schema, JsonNode value, String path) {
        if (schema.isBoolean()) {
            expect(schema.booleanValue(), path, "is not allowed here");
            return;
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            JsonNode operand = keyword.getValue();
            switch (keyword.getKey()) {
                case "type" -> expect(hasType(operand, value), path, "is %s, expected %s".formatted(value, operand));
                case "const" -> expect(isSame(operand, value), path, "is %s, expected %s".formatted(value, operand));
                case "pattern" ->
                    expect(
                            !value.isTextual()
                                    || Pattern.compile(operand.textValue())
                                            .matcher(value.textValue())
                                            .find(),
                            path,
                            "is %s, expected to match %s".formatted(value, operand));
                case "required" ->
                    operand.forEach(name -> expect(
                            !value.isObject() || value.has(name.textValue()),
                            path + "." + name.textValue(),
                            "is missing"));
                case "properties" ->
                    operand.properties().forEach(property -> {
                        JsonNode member = value.get(property.getKey());
                        if (value.isObject() && member != null) {
                            check(property.getValue(), member, path + "." + property.getKey());
                        }
                    });
                case "additionalProperties" -> checkOthers(schema.path("properties"), operand, value, path);
                case "oneOf" -> checkOneOf(operand, value, path);
                default -> {
                    if (!ANNOTATIONS.contains(keyword.getKey())) {
                        throw new IllegalArgumentException(
                                "keyword '%s' of JSON Schema is not known here".formatted(keyword.getKey()));
                    }
                }
            }
        }
    }

    private void checkOthers(JsonNode known, JsonNode schema, JsonNode value, String path) {
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!known.has(member.getKey())) {
                check(schema, member.getValue(), path + "." + member.getKey());
            }
        }
    }

    /** Reports the faults of the alternative that comes closest: the one whose fixed values fit. */
    private void checkOneOf(JsonNode alternatives, JsonNode value, String path) {
        List<List<String>> all = new ArrayList<>();
        alternatives.forEach(alternative -> {
            SchemaCheck check = new SchemaCheck();
            check.check(alternative, value, path);
            all.add(check.faults);
        });
        long satisfied = all.stream().filter(List::isEmpty).count();
        if (satisfied == 1) {
            return;
        }
        for (int i = 0; satisfied == 0 && i < all.size(); i++) {
            if (fixedValuesFit(alternatives.get(i), value)) {
                faults.addAll(all.get(i));
                return;
            }
        }
        faults.add("%s satisfies %s of %s alternatives, expected one".formatted(path, satisfied, all.size()));
    }

    private static boolean fixedValuesFit(JsonNode alternative, JsonNode value) {
        boolean any = false;
        for (Map.Entry<String, JsonNode> property :
                alternative.path("properties").properties()) {
            JsonNode fixed = property.getValue().path("const");
            if (!fixed.isMissingNode()) {
                any = true;
                if (!isSame(fixed, value.path(property.getKey()))) {
                    return false;
                }
            }
        }
        return any;
    }

    private static boolean hasType(JsonNode types, JsonNode value) {
        if (types.isTextual()) {
            return isOfType(types.textValue(), value);
        }
        for (JsonNode type : types) {
            if (isOfType(type.textValue(), value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "integer" -> // 1.0 is one, says the standard
                value.isIntegralNumber()
                        || (value.isNumber()
                                && value.decimalValue().stripTrailingZeros().scale() <= 0);
            default -> throw new IllegalArgumentException("type '%s' of JSON Schema is not known here".formatted(type));
        };
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        return one.equals(other);
    }

    private void expect(boolean good, String path, String fault) {
        if (!good) {
            faults.add(path + " " + fault);
        }
    }
}
