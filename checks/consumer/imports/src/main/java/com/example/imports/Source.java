package com.example.imports;

import java.io.IOException;
import java.util.List;

/** Where a customer's files are. */
@FunctionalInterface
public interface Source {
    /** The rows of a file, its header first. */
    List<String> rows(String file) throws IOException;
}
