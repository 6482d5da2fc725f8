package dev.runledger.event;

import java.util.Collection;

/**
 * Fields of the contract as bits. Each field of each event is looked up in several of these, where an {@code EnumSet} behind an
 * unmodifiable view takes several times as long. Not thread-safe while fields are added.
 */
final class FieldSet {
    private static final int WORDS = (EventField.values().length + Long.SIZE - 1) / Long.SIZE;

    private final long[] words = new long[WORDS];

    static FieldSet of(EventField... fields) {
        FieldSet set = new FieldSet();
        for (EventField field : fields) {
            set.add(field);
        }
        return set;
    }

    void add(EventField field) {
        int bit = bit(field);
        words[bit / Long.SIZE] |= 1L << bit;
    }

    void addAll(Collection<EventField> fields) {
        fields.forEach(this::add);
    }

    boolean contains(EventField field) {
        int bit = bit(field);
        return (words[bit / Long.SIZE] & (1L << bit)) != 0L;
    }

    boolean containsAll(FieldSet other) {
        for (int i = 0; i < WORDS; i++) {
            if ((other.words[i] & ~words[i]) != 0L) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("EnumOrdinal") // no set outlives the process
    private static int bit(EventField field) {
        return field.ordinal();
    }
}
