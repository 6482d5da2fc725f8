package dev.runledger.event;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one event as a read-only map over one array: an event has a dozen fields, is made on the path of every
 * transition and is mostly walked once, so that a hash table would cost more than it saves.
 */
final class FlatFields extends AbstractMap<String, Object> {
    private final Object[] slots; // a name and its value, in turn
    private final int size;

    FlatFields(Object[] slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    /** Returns the same fields in the same order, in a map that nobody can change any more. */
    static FlatFields copyOf(Map<String, Object> fields) {
        Object[] slots = new Object[2 * fields.size()];
        int size = 0;
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            EventField owned = EventField.named(field.getKey());
            slots[2 * size] = owned != null ? owned.name : field.getKey();
            slots[2 * size + 1] = Objects.requireNonNull(field.getValue(), field.getKey());
            size++;
        }
        return new FlatFields(slots, size);
    }

    String name(int index) {
        return (String) slots[2 * index];
    }

    Object value(int index) {
        return slots[2 * index + 1];
    }

    @Override
    public int size() {
        return size;
    }

    /** Returns the value of a field of the contract, whose name is the same instance on every event. */
    @SuppressWarnings("ReferenceEquality")
    @Nullable
    Object get(EventField field) {
        for (int i = 0; i < 2 * size; i += 2) {
            if (slots[i] == field.name) {
                return slots[i + 1];
            }
        }
        return null;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a name of the contract is nearly always the constant itself
    public @Nullable Object get(@Nullable Object name) {
        for (int i = 0; i < 2 * size; i += 2) {
            if (slots[i] == name) {
                return slots[i + 1];
            }
        }
        for (int i = 0; i < 2 * size; i += 2) {
            if (slots[i].equals(name)) {
                return slots[i + 1];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
        for (int i = 0; i < size; i++) {
            action.accept((String) slots[2 * i], slots[2 * i + 1]);
        }
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Iterator<Map.Entry<String, Object>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < size;
                    }

                    @Override
                    public Map.Entry<String, Object> next() {
                        if (next >= size) {
                            throw new NoSuchElementException();
                        }
                        return Map.entry(name(next), value(next++));
                    }
                };
            }
        };
    }
}
