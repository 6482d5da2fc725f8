package dev.runledger.trials;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.faults.InterceptingDataSource;
import dev.runledger.faults.TcpProxy;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The main class of an application that makes one call and dies at a chosen point of it. */
final class HaltingHost {
    static final int DEAD = 42;
    static final CallOptions ONCE = CallOptions.idempotencyKey("the call");

    /** Lists where in a call the application can die. */
    enum Point {
        /** The first statement has not been sent. */
        BEFORE_STATEMENT(false),
        /** The run's row is changed and its event is not there: on PostgreSQL only in an import, since the rest is one statement. */
        BETWEEN_ROWS(false),
        /** All is written and the commit has not been sent: on PostgreSQL only in an import. */
        BEFORE_COMMIT(false),
        /** The database has committed, and the library does not know. */
        BEFORE_REPLY(true),
        /** The store has returned, and no event has been made. */
        BEFORE_EMISSION(true),
        /** A sink has the event. */
        IN_EMISSION(true);

        private final boolean stored;

        Point(boolean stored) {
            this.stored = stored;
        }

        /** Returns whether the change of the call is in the database. */
        boolean isStored() {
            return stored;
        }
    }

    private static volatile boolean armed;

    private HaltingHost() {}

    private static void at(Point here, Point chosen) {
        if (armed && here == chosen) {
            Runtime.getRuntime().halt(DEAD);
        }
    }

    /** Dies at a statement or at the end of a transaction. */
    private static final class Halting extends InterceptingDataSource {
        private final Point point;

        Halting(DataSource target, Point point) {
            super(target);
            this.point = point;
        }

        @Override
        protected Object execute(Connection real, String sql, Call call) throws SQLException {
            at(Point.BEFORE_STATEMENT, point);
            if (sql.startsWith("INSERT INTO \"ledger_event\"")) {
                at(Point.BETWEEN_ROWS, point);
            }
            return sql.equals("COMMIT") ? committed(call) : call.proceed();
        }

        @Override
        protected Object end(Connection real, String commitOrRollback, Call call) throws SQLException {
            return commitOrRollback.equals("commit") ? committed(call) : call.proceed();
        }

        private Object committed(Call call) throws SQLException {
            at(Point.BEFORE_COMMIT, point);
            Object result = call.proceed();
            at(Point.BEFORE_REPLY, point);
            return result;
        }
    }

    /** Dies when it is asked what it wants, or when it gets an event. */
    private record HaltingSink(Point point) implements EventSink {
        @Override
        public Delivery delivery() {
            return Delivery.INLINE;
        }

        @Override
        public boolean wants(EventType type) {
            at(Point.BEFORE_EMISSION, point);
            return true;
        }

        @Override
        public void accept(LedgerEvent event) {
            at(Point.IN_EMISSION, point);
        }
    }

    /** Takes a {@link StoreProfile}, a URL, a {@link Point}, a {@link CallKind} and the id of a run. */
    public static void main(String[] args) {
        StoreProfile profile = StoreProfile.valueOf(args[0]);
        Point point = Point.valueOf(args[2]);
        CallKind kind = CallKind.valueOf(args[3]);
        String url = args[1];
        if (profile == StoreProfile.POSTGRESQL) {
            int port = URI.create(url.substring("jdbc:".length())).getPort();
            TcpProxy proxy = new TcpProxy("127.0.0.1", port);
            proxy.dropReplyOf(
                    tag -> { // the driver's SET at the start is no call; a reply comes back whole, after the commit
                        if (tag.startsWith("SELECT") && kind != CallKind.IMPORT_RUN) {
                            at(Point.BEFORE_REPLY, point);
                        }
                        return false;
                    });
            url = url.replace(":" + port + "/", ":" + proxy.port() + "/");
        }
        DataSource source = new Halting(profile.plain(url), point);
        Ledger ledger = Ledger.builder()
                .store(JdbiRunStore.on(source))
                .sink(new HaltingSink(point))
                .build();
        armed = true;
        kind.call(ledger, RunId.of(args[4]), ONCE);
        System.out.println("The call has returned");
    }
}
