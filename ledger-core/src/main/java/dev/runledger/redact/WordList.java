package dev.runledger.redact;

import java.util.Set;

/** Reads lists of words from text blocks. */
final class WordList {
    private WordList() {}

    /** Returns the words, which white space separates. */
    static Set<String> of(String words) {
        return Set.of(words.strip().split("\\s+"));
    }
}
