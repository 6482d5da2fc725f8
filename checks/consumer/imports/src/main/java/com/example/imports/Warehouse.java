package com.example.imports;

import java.io.IOException;

/** Where rows go. */
@FunctionalInterface
public interface Warehouse {
    /** Adds a row. Throws where the warehouse is locked. */
    void add(String row) throws IOException;
}
