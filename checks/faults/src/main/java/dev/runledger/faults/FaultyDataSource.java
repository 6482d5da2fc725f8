package dev.runledger.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Fails a share of the executions with SQLSTATEs of the test's choice, the same ones for the same seed and one thread.
 *
 * <p>A fault comes before the statement is executed. In class 08, the connection's, about half come after it: the caller
 * cannot know whether it was done. Such a fault also breaks the connection, as it does in life. After a fault of
 * another class the transaction can still be used, where PostgreSQL would refuse everything but a rollback.
 */
public final class FaultyDataSource extends InterceptingDataSource {
    private final Random random;
    private volatile double share;
    private final String[] sqlStates;
    private final AtomicLong faults = new AtomicLong();

    public FaultyDataSource(DataSource target, long seed, double share, String... sqlStates) {
        super(target);
        this.random = new Random(seed);
        this.share = share;
        this.sqlStates = sqlStates.clone();
    }

    @Override
    protected Object execute(Connection real, String sql, Call call) throws SQLException {
        String state;
        boolean inDoubt;
        synchronized (random) {
            state = random.nextDouble() < share ? sqlStates[random.nextInt(sqlStates.length)] : "";
            inDoubt = state.startsWith("08") && random.nextBoolean();
        }
        if (state.isEmpty()) {
            return call.proceed();
        }
        if (inDoubt) {
            call.proceed();
        }
        faults.incrementAndGet();
        if (state.startsWith("08")) {
            real.abort(Runnable::run);
        }
        throw new SQLException("Injected " + (inDoubt ? "after" : "before") + " the execution", state);
    }

    /** Fails this share of the executions from now on. */
    public void share(double share) {
        this.share = share;
    }

    /** Faults thrown so far. */
    public long faults() {
        return faults.get();
    }
}
