package com.example.imports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files and a warehouse that a test arranges: what they hold, and how often they fail first. */
final class Files implements Source, Warehouse {
    private final Map<String, List<String>> files = new HashMap<>();
    private final List<String> loaded = new ArrayList<>();
    private int brokenDownloads;
    private int lockedLoads;

    /** A file with a header and this many rows. */
    Files with(String file, int rows) {
        List<String> all = new ArrayList<>(List.of("sku;price"));
        for (int i = 1; i <= rows; i++) {
            all.add("sku-%d;%d".formatted(i, i));
        }
        files.put(file, all);
        return this;
    }

    Files withEmpty(String file) {
        files.put(file, List.of());
        return this;
    }

    Files breaking(int times) {
        brokenDownloads = times;
        return this;
    }

    Files locked(int times) {
        lockedLoads = times;
        return this;
    }

    List<String> loaded() {
        return loaded;
    }

    @Override
    public List<String> rows(String file) throws IOException {
        if (brokenDownloads-- > 0) {
            throw new IOException("connection reset");
        }
        return files.get(file);
    }

    @Override
    public void add(String row) throws IOException {
        if (lockedLoads-- > 0) {
            throw new IOException("table is locked");
        }
        loaded.add(row);
    }
}
