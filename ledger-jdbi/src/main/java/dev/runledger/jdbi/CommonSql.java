package dev.runledger.jdbi;

/** The statements that write what needs no decision. Both databases share them. */
final class CommonSql {
    /** Inserts a run as it stands. */
    final String importedRun;

    /** Inserts an event of an imported run. */
    final String importedEvent;

    /** Inserts the event of a refusal. */
    final String refusal;

    CommonSql(Tables tables) {
        this.importedRun = tables.in("INSERT INTO ${run} (" + RunColumns.inserted() + ") VALUES (" + RunColumns.asItIs()
                + ") ON CONFLICT DO NOTHING");
        this.importedEvent = tables.in(
                Fragments.INSERT_EVENT + "VALUES (:id, :seq, :id, NULL, :event, :moment, NULL, :callId, NULL, :data)");
        this.refusal = tables.in(
                Fragments.INSERT_EVENT
                        + "VALUES (:subject, 0, NULL, NULL, :event, :moment, NULL, :callId, NULL, :data) ON CONFLICT DO NOTHING");
    }
}
