package dev.runledger.jdbi;

class Postgres17StoreTest extends PostgresStoreContract {
    Postgres17StoreTest() {
        super("17");
    }
}
