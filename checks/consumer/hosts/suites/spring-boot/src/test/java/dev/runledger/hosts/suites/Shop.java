package dev.runledger.hosts.suites;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.EventSink;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.sqlite.SQLiteDataSource;

/** A host with tables of its own and every sink that its context has. */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement(proxyTargetClass = true)
class Shop {
    @Bean
    WorkflowRunEvents events(List<EventSink> sinks) {
        WorkflowRunEvents.Builder builder = WorkflowRunEvents.builder();
        sinks.forEach(builder::sink);
        return builder.build();
    }

    @Bean
    DataSource dataSource() {
        SQLiteDataSource sqlite = new SQLiteDataSource();
        sqlite.setUrl("jdbc:sqlite:target/shop.db");
        return sqlite;
    }

    @Bean
    PlatformTransactionManager transactions(DataSource dataSource) {
        return new DataSourceTransactionManager(dataSource);
    }

    @Bean
    Audit audit(WorkflowRunEvents events, DataSource dataSource) {
        return new Audit(events, new JdbcTemplate(dataSource));
    }

    @Bean
    Orders orders(
            WorkflowRunEvents events, DataSource dataSource, PlatformTransactionManager transactions, Audit audit) {
        return new Orders(events, new JdbcTemplate(dataSource), new TransactionTemplate(transactions), audit);
    }

    /** Keeps that an order was tried, whatever becomes of it: in a transaction within that of the order. */
    static class Audit {
        private final WorkflowRunEvents events;
        private final JdbcTemplate jdbc;

        Audit(WorkflowRunEvents events, JdbcTemplate jdbc) {
            this.events = events;
            this.jdbc = jdbc;
        }

        /** Keeps it, and emits that it is kept. */
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void keep(String id) {
            jdbc.execute("CREATE TABLE IF NOT EXISTS tried (id text)");
            jdbc.update("INSERT INTO tried (id) VALUES (?)", id);
            afterCommit(() -> events.log(
                    WorkflowRunEvent.QUEUED,
                    EventFields.of().runId("tried-" + id).workflowName("audit")));
        }
    }

    private static void afterCommit(Runnable emission) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                emission.run();
            }
        });
    }

    /** Imports orders, each of which is a run. */
    record Orders(WorkflowRunEvents events, JdbcTemplate jdbc, TransactionTemplate transaction, Audit audit) {
        void place(String id) {
            transaction.executeWithoutResult(status -> {
                store(id);
                afterCommit(() -> emit(id));
            });
        }

        void placeAudited(String id) {
            transaction.executeWithoutResult(status -> {
                audit.keep(id);
                store(id);
                afterCommit(() -> emit(id));
            });
        }

        void placeAuditedTooEarly(String id) {
            transaction.executeWithoutResult(status -> {
                audit.keep(id);
                emit(id);
                store(id);
            });
        }

        void placeTooEarly(String id) {
            transaction.executeWithoutResult(status -> {
                emit(id);
                store(id);
            });
        }

        private void store(String id) {
            jdbc.execute("CREATE TABLE IF NOT EXISTS orders (id text)");
            jdbc.update("INSERT INTO orders (id) VALUES (?)", id);
        }

        private void emit(String id) {
            events.log(
                    WorkflowRunEvent.QUEUED,
                    EventFields.of().runId(id).workflowName("import").put("shop", "north"));
        }
    }
}
