package dev.runledger.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prints rows of cells. Each column is as wide as its widest cell, and the last one as it is. */
final class TextTable {
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... head) {
        row(head);
    }

    void row(String... cells) {
        rows.add(cells);
    }

    @Override
    public String toString() {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        return String.join("\n", rows.stream().map(row -> line(row, widths)).toList());
    }

    private static String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            char[] padding = new char[widths[i] - row[i].length()];
            Arrays.fill(padding, ' ');
            line.append("  ").append(row[i]).append(padding);
        }
        return line.toString().stripTrailing();
    }
}
