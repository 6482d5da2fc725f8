package dev.runledger.benchmarks;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import java.util.Map;
import javax.sql.DataSource;

/**
 * transaction-outbox: schedules in one transaction, and locks, invokes and deletes in another. So a run is two durable changes and not
 * three. It keeps no history. What its executor would do after the commit is done by the caller, as a call of its own.
 */
public final class TransactionOutboxPeer implements PeerProvider {
    @Override
    public String name() {
        return "transaction-outbox";
    }

    @Override
    public Peer open(DataSource pool) {
        ThreadLocal<Runnable> submitted = new ThreadLocal<>();
        TransactionManager transactions = TransactionManager.fromDataSource(pool);
        TransactionOutbox outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> new Exports()))
                .submitter((entry, processor) -> submitted.set(() -> processor.accept(entry)))
                .build();
        return new Opened(transactions, outbox, submitted);
    }

    /** What is invoked. It does nothing. */
    public static class Exports {
        /** Does nothing. */
        public void export(String workflow, String target, String deliveryId) {}
    }

    private record Opened(TransactionManager transactions, TransactionOutbox outbox, ThreadLocal<Runnable> submitted)
            implements Peer {
        @Override
        public void keep(Laps laps) {
            Requested requested = Requested.next();
            laps.start();
            transactions.inTransaction(() -> outbox.schedule(Exports.class)
                    .export(requested.workflow(), requested.target(), requested.deliveryId()));
            laps.lap();
            submitted.get().run();
            laps.lap();
            submitted.remove();
        }

        @Override
        public Map<String, Long> evidence(long runs) {
            return Map.of(
                    "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'txno_outbox'", runs,
                    "SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = 'txno_outbox'", runs,
                    "SELECT count(*) FROM txno_outbox", 0L);
        }

        @Override
        public void close() {}
    }
}
