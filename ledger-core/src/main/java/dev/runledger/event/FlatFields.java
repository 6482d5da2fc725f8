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
 * The fields of one event as a read-only map over two arrays: an event has a dozen fields, is made on the path of every
 * transition and is mostly walked once, so that a hash table would cost more than it saves.
 */
final class FlatFields extends AbstractMap<String, Object> {
    private final String[] names;
    private final Object[] values;
    private final int size;

    FlatFields(String[] names, Object[] values, int size) {
        this.names = names;
        this.values = values;
        this.size = size;
    }

    /** Returns the same fields in the same order, in a map that nobody can change any more. */
    static FlatFields copyOf(Map<String, Object> fields) {
        if (fields instanceof FlatFields flat) {
            return flat;
        }
        String[] names = fields.keySet().toArray(String[]::new);
        Object[] values = fields.values().toArray();
        for (int i = 0; i < names.length; i++) {
            Objects.requireNonNull(values[i], names[i]);
        }
        return new FlatFields(names, values, names.length);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return values[i];
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
            action.accept(names[i], values[i]);
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
                        return Map.entry(names[next], values[next++]);
                    }
                };
            }
        };
    }
}
