package com.example.mutants;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The service with one thing wrong.
 *
 * @param id what the mutant is called
 * @param wrong what is wrong, in a sentence
 * @param file the source that is changed
 * @param find the text that is replaced, which stands there once
 * @param replacement what stands there instead
 * @param test the test that has to fail, as class and method
 * @param caughtBy what of the kit has to find it: an assertion as class and method, or a kind of breach
 * @param reason what the failure has to say
 */
record Mutant(
        String id,
        String wrong,
        String file,
        String find,
        String replacement,
        String test,
        String caughtBy,
        String reason) {
    /** Begins with what it is. */
    static Change of(String id, String wrong) {
        return new Change(id, wrong);
    }

    boolean isBreach() {
        return !caughtBy.contains(".");
    }

    /** The source with the mutation. Throws where the text to be replaced does not stand there exactly once, however indented. */
    String applyTo(String source) {
        String lines = find.lines().map(line -> Pattern.quote(line.strip())).collect(Collectors.joining("\\s*\\n\\s*"));
        Matcher places = Pattern.compile(lines).matcher(source);
        long count = places.results().count();
        if (count != 1) {
            throw new IllegalStateException(
                    "mutant %s: expected once in %s, but was there %d times:%n%s".formatted(id, file, count, find));
        }
        return places.replaceFirst(Matcher.quoteReplacement(replacement));
    }

    /** What it is, to which what it changes is added. */
    record Change(String id, String wrong) {
        Expectation in(String file, String find, String replacement) {
            return new Expectation(this, file, find, replacement);
        }
    }

    /** What it changes, to which how it is found is added. */
    record Expectation(Change change, String file, String find, String replacement) {
        Mutant failing(String test, String caughtBy, String reason) {
            return new Mutant(change.id, change.wrong, file, find, replacement, test, caughtBy, reason);
        }
    }
}
