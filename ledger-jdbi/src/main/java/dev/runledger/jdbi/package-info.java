/**
 * The durable store: {@link dev.runledger.jdbi.JdbiRunStore} on PostgreSQL and, embedded, on SQLite.
 *
 * <p>A command takes one road: {@code SessionStore} hands it to a {@code Session}, which makes an {@code Attempt} on a connection, and a
 * {@code Writer} carries it out there. PostgreSQL decides and stores a change in one statement ({@code PostgresWriter}, {@code
 * PostgresSql}), SQLite in one immediate transaction ({@code SqliteWriter}). {@code Reader} is the read side.
 */
@NullMarked
package dev.runledger.jdbi;

import org.jspecify.annotations.NullMarked;
