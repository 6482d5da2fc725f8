package dev.runledger.jdbi;

class Postgres14StoreTest extends PostgresStoreContract {
    Postgres14StoreTest() {
        super("14");
    }
}
