package dev.runledger.redact;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A list of words that is asked for parts of texts, without regard to case and without making a string of each part. */
final class WordList {
    private static final int SLOTS_PER_WORD = 4;

    private final List<String> words;
    private final @Nullable String[] slots;
    private final int longest;

    private WordList(List<String> words) {
        this.words = words;
        slots = new String[Integer.highestOneBit(words.size() * SLOTS_PER_WORD) * 2];
        int max = 0;
        for (String word : words) {
            int slot = slot(word, 0, word.length());
            while (slots[slot] != null) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = word.toLowerCase(Locale.ROOT);
            max = Math.max(max, word.length());
        }
        longest = max;
    }

    /** Reads words that white space separates. */
    static WordList of(String words) {
        return new WordList(List.of(words.strip().split("\\s+")));
    }

    List<String> words() {
        return words;
    }

    /** Returns whether this part of a text is one of the words. */
    boolean has(String text, int from, int to) {
        if (to - from > longest || to <= from) {
            return false;
        }
        int slot = slot(text, from, to);
        for (String word = slots[slot]; word != null; word = slots[slot]) {
            if (word.length() == to - from && Chars.standsAt(text, from, word)) {
                return true;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return false;
    }

    private int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + (text.charAt(i) | 0x20);
        }
        return (hash ^ hash >>> 15) & (slots.length - 1);
    }
}
