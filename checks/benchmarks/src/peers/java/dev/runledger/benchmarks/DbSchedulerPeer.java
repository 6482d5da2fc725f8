package dev.runledger.benchmarks;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.SystemClock;
import com.github.kagkarlsson.scheduler.TaskResolver;
import com.github.kagkarlsson.scheduler.event.SchedulerListeners;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * db-scheduler: its client schedules, and its repository picks and removes, as the scheduler does for one execution. It keeps no history:
 * the row of an execution is deleted at the end.
 */
public final class DbSchedulerPeer implements PeerProvider {
    /** The table and the three indexes of its documentation. */
    private static final String TABLE = """
            CREATE TABLE scheduled_tasks (
                task_name text NOT NULL,
                task_instance text NOT NULL,
                task_data bytea,
                execution_time timestamptz NOT NULL,
                picked boolean NOT NULL,
                picked_by text,
                last_success timestamptz,
                last_failure timestamptz,
                consecutive_failures int,
                last_heartbeat timestamptz,
                version bigint NOT NULL,
                priority smallint,
                PRIMARY KEY (task_name, task_instance));
            CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
            CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
            CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time ASC)""";

    @Override
    public String name() {
        return "db-scheduler";
    }

    @Override
    public Peer open(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        OneTimeTask<String> task = Tasks.oneTime("export", String.class).execute((instance, context) -> {});
        SystemClock clock = new SystemClock();
        JdbcTaskRepository repository = new JdbcTaskRepository(
                pool,
                false,
                new PostgreSqlJdbcCustomization(false, false),
                JdbcTaskRepository.DEFAULT_TABLE_NAME,
                new TaskResolver(SchedulerListeners.NOOP, clock, List.of(task)),
                new SchedulerName.Fixed(Life.WORKER),
                false,
                clock);
        SchedulerClient client = SchedulerClient.Builder.create(pool, task).build();
        return new Opened(client, repository, task, new OrderedIds());
    }

    private record Opened(
            SchedulerClient client, JdbcTaskRepository repository, OneTimeTask<String> task, OrderedIds ids)
            implements Peer {
        @Override
        public void keep(Laps laps) {
            Requested requested = Requested.next();
            laps.start();
            TaskInstance<String> instance = task.instance(
                    ids.next().toString(),
                    requested.workflow() + ' ' + requested.target() + ' ' + requested.deliveryId());
            Instant now = Instant.now();
            if (!client.scheduleIfNotExists(instance, now)) {
                throw new IllegalStateException("not scheduled: " + instance);
            }
            laps.lap();
            Execution picked = repository
                    .pick(new Execution(now, instance), Instant.now())
                    .orElseThrow(() -> new IllegalStateException("not picked: " + instance));
            laps.lap();
            repository.remove(picked);
            laps.lap();
        }

        @Override
        public Map<String, Long> evidence(long runs) {
            return Map.of(
                    "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'scheduled_tasks'", runs,
                    "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'scheduled_tasks'", runs,
                    "SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = 'scheduled_tasks'", runs,
                    "SELECT count(*) FROM scheduled_tasks", 0L);
        }

        @Override
        public void close() {}
    }
}
