package dev.runledger.jdbi;

import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The identity key of the database: the store that needs it first makes it, and every store reads it once. Thread-safe. */
final class IdentityKey {
    private static final CallName READ = CallName.of("reading the identity key");
    private static final CallName MAKE = CallName.of("making the identity key");
    private static final int BYTES = 32;

    private final Session session;
    private final String select;
    private final String insert;
    private byte @Nullable [] key;

    /** Makes one that is read on connections of the store, never on one of a transaction of the application. */
    IdentityKey(Session session, Tables tables) {
        this.session = session;
        this.select = tables.in("SELECT k.hex FROM ${identity_key} k WHERE k.id = 1");
        this.insert = tables.in("INSERT INTO ${identity_key} (id, hex) VALUES (1, :hex) ON CONFLICT DO NOTHING");
    }

    /** Returns the key; the array is the caller's. */
    synchronized byte[] get() {
        byte[] known = key;
        if (known == null) {
            known = parsed(read().orElseGet(this::made));
            key = known;
        }
        return known.clone();
    }

    private Optional<String> read() {
        return session.read(
                READ, handle -> handle.createQuery(select).mapTo(String.class).findOne());
    }

    /** Of several that make a key at once, the first makes the one that all read. */
    private String made() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        session.write(
                MAKE,
                attempt -> attempt.handle()
                        .createUpdate(insert)
                        .bind("hex", HexFormat.of().formatHex(random))
                        .execute());
        return read().orElse("");
    }

    private static byte[] parsed(String hex) {
        if (!hex.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
            throw new StoreException(
                    "%s: the row has %s characters, expected %s hexadecimal digits"
                            .formatted(READ, hex.length(), 2 * BYTES),
                    Certainty.NOT_STORED,
                    null);
        }
        return HexFormat.of().parseHex(hex);
    }
}
