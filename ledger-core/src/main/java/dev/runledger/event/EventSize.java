package dev.runledger.event;

import dev.runledger.redact.Sanitizer;

/**
 * Cuts the texts of an event that is over its limit: custom fields first, then the longest of the contract's. If all are short, it leaves out
 * custom fields, the last first; the fields of the contract fit into the least limit then.
 */
final class EventSize {
    private static final int SHORTEST = 64;

    private final Object[] slots; // a name and its value, in turn
    private int size;

    EventSize(Object[] slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    /** Halves the longest text until the JSON form fits; returns whether anything was cut. */
    boolean fit(int limit) {
        int bytes = 2;
        for (int i = 0; i < size; i++) {
            bytes += bytesOf(i);
        }
        boolean cut = false;
        int budget = limit - 32; // room for "truncated":true
        while (bytes > budget) {
            int longest = longest();
            if (longest < 0) {
                int last = lastCustom();
                if (last < 0) {
                    return cut;
                }
                bytes -= bytesOf(last);
                remove(last);
                cut = true;
                continue;
            }
            bytes -= bytesOf(longest);
            String text = (String) slots[2 * longest + 1];
            slots[2 * longest + 1] = Sanitizer.clean(text, Math.max(SHORTEST, text.length() / 2));
            bytes += bytesOf(longest);
            cut = true;
        }
        return cut;
    }

    /** Returns how many fields there are now. */
    int size() {
        return size;
    }

    private int lastCustom() {
        int last = size - 1;
        while (last >= 0 && EventField.named((String) slots[2 * last]) != null) {
            last--;
        }
        return last;
    }

    private void remove(int index) {
        System.arraycopy(slots, 2 * index + 2, slots, 2 * index, 2 * (size - index - 1));
        size--;
        slots[2 * size] = null;
        slots[2 * size + 1] = null;
    }

    private int longest() {
        int longest = -1;
        int most = SHORTEST;
        for (int i = 0; i < size; i++) {
            if (slots[2 * i + 1] instanceof String text) {
                boolean own = EventField.named((String) slots[2 * i]) == null;
                int weight = own ? 4 * text.length() : text.length();
                if (text.length() > SHORTEST && weight > most) {
                    most = weight;
                    longest = i;
                }
            }
        }
        return longest;
    }

    private int bytesOf(int index) {
        int bytes = ((String) slots[2 * index]).length() + 4;
        if (!(slots[2 * index + 1] instanceof String text)) {
            return bytes + 24;
        }
        bytes += 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += c == '"' || c == '\\' ? 2 : 1;
            } else {
                bytes += c < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }
}
