package dev.runledger.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The arguments of a command, each with its default. */
record Arguments(List<String> values) {
    static Arguments of(String... values) {
        return new Arguments(List.of(values));
    }

    String text(int index, String otherwise) {
        return index < values.size() ? values.get(index) : otherwise;
    }

    /** Returns an argument that is a whole number; digits may be grouped by {@code _}. */
    int number(int index, String name, int least, int otherwise) {
        return parsed(text(index, Integer.toString(otherwise)), name, least);
    }

    /** Returns an argument that is a list of whole numbers. */
    List<Integer> numbers(int index, String name, int least, String otherwise) {
        return Arrays.stream(text(index, otherwise).split(","))
                .map(text -> parsed(text, name, least))
                .toList();
    }

    /** Returns an argument that is a list of constants, in lower case; all of them by default. */
    <E extends Enum<E>> List<E> constants(int index, String name, Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        String names = all.stream().map(Arguments::name).collect(Collectors.joining(","));
        return Arrays.stream(text(index, names).split(","))
                .map(text -> all.stream()
                        .filter(each -> name(each).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "%s is '%s', expected some of %s".formatted(name, text, names))))
                .toList();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static int parsed(String text, String name, int least) {
        try {
            int number = Integer.parseInt(text.replace("_", ""));
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw new IllegalArgumentException("%s is '%s', expected a number from %d".formatted(name, text, least));
    }
}
