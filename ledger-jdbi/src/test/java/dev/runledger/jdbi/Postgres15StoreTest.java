package dev.runledger.jdbi;

class Postgres15StoreTest extends PostgresStoreContract {
    Postgres15StoreTest() {
        super("15");
    }
}
