package dev.runledger.jdbi;

import dev.runledger.store.LeaseStore;
import dev.runledger.store.StoreCommand.Head;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * Leases and heartbeats, each by one statement that may be made twice. The clock is the database's, on SQLite too: processes with clocks of
 * their own would take each other's leases.
 */
final class Leases implements LeaseStore {
    private final Session session;
    private final Database database;
    private final String lease;
    private final String release;
    private final String heartbeat;
    private final String lost;
    private final String remove;
    private final String alive;

    Leases(Session session, Database database, Tables tables) {
        this.session = session;
        this.database = database;
        String now = database.clock();
        String later = database.later(now, ":time");
        this.lease = tables.in("INSERT INTO ${lease} AS l (job, holder, until) VALUES (:job, :holder, " + later
                + ") ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, until = " + later
                + " WHERE l.holder = excluded.holder OR l.until <= " + now);
        this.release = tables.in("UPDATE ${lease} SET until = " + now + " WHERE job = :job AND holder = :holder");
        this.heartbeat = tables.in("INSERT INTO ${instance} AS i (id, until, call_id) VALUES (:id, " + later
                + ", :callId) ON CONFLICT (id) DO UPDATE SET until = " + later + " RETURNING call_id");
        this.lost = tables.in("SELECT i.id FROM ${instance} i WHERE i.until < " + now + " ORDER BY i.until, i.id");
        this.remove = tables.in("DELETE FROM ${instance} WHERE id = :id");
        this.alive = tables.in("SELECT count(*) FROM ${instance} i WHERE i.until >= " + now);
    }

    private Binder binder(SqlStatement<?> statement) {
        return Binder.of(statement, database);
    }

    @Override
    public boolean lease(String job, String holder, Duration time) {
        return session.write(new CallName("lease", job), attempt -> {
            Update update = attempt.handle().createUpdate(lease);
            binder(update).text("job", job).text("holder", holder).number("time", Ages.micros(time));
            return update.execute() == 1;
        });
    }

    @Override
    public void release(String job, String holder) {
        session.write(new CallName("release", job), attempt -> {
            Update update = attempt.handle().createUpdate(release);
            binder(update).text("job", job).text("holder", holder);
            return update.execute();
        });
    }

    @Override
    public boolean heartbeat(String instance, Duration time) {
        String callId = Head.of().callId(); // by which a call whose answer was lost knows that it made the row
        return session.write(new CallName("heartbeat", instance), attempt -> {
            Query query = attempt.handle().createQuery(heartbeat);
            binder(query).text("id", instance).text("callId", callId).number("time", Ages.micros(time));
            return !query.mapTo(String.class).one().equals(callId);
        });
    }

    @Override
    public List<String> lostInstances() {
        return session.read(
                CallName.of("lostInstances"),
                handle -> handle.createQuery(lost).mapTo(String.class).list());
    }

    @Override
    public void removeInstance(String instance) {
        session.write(new CallName("removeInstance", instance), attempt -> {
            Update update = attempt.handle().createUpdate(remove);
            binder(update).text("id", instance);
            return update.execute();
        });
    }

    @Override
    public int instances() {
        return session.read(CallName.of("instances"), this::alive);
    }

    private int alive(Handle handle) {
        return handle.createQuery(alive).mapTo(Integer.class).one();
    }
}
