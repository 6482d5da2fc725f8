/**
 * The durable store: {@link dev.runledger.jdbi.JdbiRunStore} on PostgreSQL and, embedded, on SQLite.
 *
 * <p>A change of a run is decided and stored in one statement on PostgreSQL and in one immediate transaction on SQLite; both, and
 * the order in which a reader meets them: {@code PostgresWriter}, {@code SqliteWriter}, {@code Reader}.
 */
@NullMarked
package dev.runledger.jdbi;

import org.jspecify.annotations.NullMarked;
