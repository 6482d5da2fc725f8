package dev.runledger.jdbi;

/**
 * What a store does beside the calls of a ledger, on its own connections.
 *
 * @param leases shares the work among processes
 * @param stranded finds runs that nobody works on
 * @param ended removes runs
 */
record Upkeep(Leases leases, StrandedRuns stranded, EndedRuns ended) {
    static Upkeep of(SessionStore own, Ages ages, Tables tables) {
        Session session = own.session();
        return new Upkeep(
                new Leases(session, ages.database(), tables),
                new StrandedRuns(session, own.reader(), ages, tables),
                new EndedRuns(session, own.reader(), ages, tables));
    }
}
