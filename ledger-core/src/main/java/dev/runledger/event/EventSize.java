package dev.runledger.event;

import dev.runledger.redact.Sanitizer;

/** Cuts the texts of an event that is over its limit: custom fields first, then the longest of the contract's. */
final class EventSize {
    private static final int SHORTEST = 64;

    private final String[] names;
    private final Object[] values;
    private final int size;

    EventSize(String[] names, Object[] values, int size) {
        this.names = names;
        this.values = values;
        this.size = size;
    }

    /** Halves the longest text until the JSON form fits; answers whether anything was cut. */
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
                return cut;
            }
            bytes -= bytesOf(longest);
            String text = (String) values[longest];
            values[longest] = Sanitizer.clean(text, Math.max(SHORTEST, text.length() / 2));
            bytes += bytesOf(longest);
            cut = true;
        }
        return cut;
    }

    private int longest() {
        int longest = -1;
        int most = SHORTEST;
        for (int i = 0; i < size; i++) {
            if (values[i] instanceof String text) {
                boolean own = EventField.ofName(names[i]).isEmpty();
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
        int bytes = names[index].length() + 4;
        if (!(values[index] instanceof String text)) {
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
