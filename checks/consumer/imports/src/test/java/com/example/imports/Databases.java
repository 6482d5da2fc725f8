package com.example.imports;

import java.nio.file.Path;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** Databases for a test, which need not survive the power going out. */
final class Databases {
    private Databases() {}

    static SQLiteDataSource in(Path folder) {
        return in(folder, SynchronousMode.OFF);
    }

    static SQLiteDataSource in(Path folder, SynchronousMode synchronous) {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(synchronous);
        config.setJournalMode(JournalMode.WAL);
        SQLiteDataSource database = new SQLiteDataSource(config);
        database.setUrl("jdbc:sqlite:" + folder.resolve("test.db"));
        return database;
    }
}
