package dev.runledger.jdbi;

class Postgres16StoreTest extends PostgresStoreContract {
    Postgres16StoreTest() {
        super("16");
    }
}
