package dev.runledger.jdbi;

class Postgres18StoreTest extends PostgresStoreContract {
    Postgres18StoreTest() {
        super("18");
    }
}
