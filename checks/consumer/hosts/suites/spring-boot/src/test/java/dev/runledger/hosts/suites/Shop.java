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
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.sqlite.SQLiteDataSource;

/** A host with tables of its own and every sink that its context has. */
@Configuration(proxyBeanMethods = false)
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
    Orders orders(WorkflowRunEvents events, DataSource dataSource) {
        return new Orders(
                events,
                new JdbcTemplate(dataSource),
                new TransactionTemplate(new DataSourceTransactionManager(dataSource)));
    }

    /** Imports orders, each of which is a run. */
    record Orders(WorkflowRunEvents events, JdbcTemplate jdbc, TransactionTemplate transaction) {
        void place(String id) {
            transaction.executeWithoutResult(status -> {
                store(id);
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        emit(id);
                    }
                });
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
