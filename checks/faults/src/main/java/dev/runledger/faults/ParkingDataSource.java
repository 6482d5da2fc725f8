package dev.runledger.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Holds a chosen statement just before it is executed, so that a race is run in the order that the test wants. */
public final class ParkingDataSource extends InterceptingDataSource {
    private static final long FORGOTTEN_SECONDS = 60;

    /** A place for one statement. */
    public static final class Parked {
        private final Predicate<String> wanted;
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Parked(Predicate<String> wanted) {
            this.wanted = wanted;
        }

        /** Returns when the statement stands here. */
        public void awaitArrival(Duration limit) {
            try {
                if (!arrived.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new IllegalStateException("No such statement came within " + limit);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for a statement", stopped);
            }
        }

        /** Lets the statement go on, or through without a stop when it comes later. */
        public void release() {
            released.countDown();
        }

        private void stop() throws SQLException {
            arrived.countDown();
            try {
                if (!released.await(FORGOTTEN_SECONDS, TimeUnit.SECONDS)) {
                    throw new SQLException("Parked and never released");
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new SQLException("Interrupted while parked", stopped);
            }
        }
    }

    private final List<Parked> places = new CopyOnWriteArrayList<>();

    public ParkingDataSource(DataSource target) {
        super(target);
    }

    /** Parks the next execution, and only that one, of a statement whose SQL matches. */
    public Parked park(Predicate<String> sql) {
        Parked place = new Parked(sql);
        places.add(place);
        return place;
    }

    @Override
    protected Object execute(Connection real, String sql, Call call) throws SQLException {
        for (Parked place : places) {
            if (place.wanted.test(sql) && places.remove(place)) {
                place.stop();
                break;
            }
        }
        return call.proceed();
    }
}
