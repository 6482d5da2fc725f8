package dev.runledger.benchmarks;

import java.util.Map;
import javax.sql.DataSource;
import org.jobrunr.jobs.Job;
import org.jobrunr.jobs.JobDetails;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.jobs.states.EnqueuedState;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/**
 * JobRunr's storage, which keeps a job with all its states as JSON: one save for each state, as its client and its server do for a
 * single job. The server is not started, so nothing polls and nothing runs.
 */
public final class JobRunrPeer implements PeerProvider {
    @Override
    public String name() {
        return "JobRunr";
    }

    @Override
    public Peer open(DataSource pool) {
        JacksonJsonMapper json = new JacksonJsonMapper();
        PostgresStorageProvider storage = new PostgresStorageProvider(pool);
        storage.setJobMapper(new JobMapper(json));
        return new Opened(
                storage,
                new BackgroundJobServer(
                        storage,
                        json,
                        null,
                        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()));
    }

    /** A job as a user writes it. */
    public record Export(String workflow, String target, String deliveryId) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /** Does nothing. */
    public static final class Handler implements JobRequestHandler<Export> {
        @Override
        public void run(Export export) {}
    }

    private record Opened(StorageProvider storage, BackgroundJobServer server) implements Peer {
        @Override
        public void keep(Laps laps) {
            Requested requested = Requested.next();
            laps.start();
            Export export = new Export(requested.workflow(), requested.target(), requested.deliveryId());
            Job job = storage.save(new Job(new JobDetails(export), new EnqueuedState()));
            laps.lap();
            job.startProcessingOn(server);
            job = server.getStorageProvider().save(job);
            laps.lap();
            server.getStorageProvider().save(job.succeeded());
            laps.lap();
        }

        @Override
        public Map<String, Long> evidence(long runs) {
            return Map.of(
                    "SELECT count(*) FROM jobrunr_jobs WHERE state = 'SUCCEEDED' AND version = 3", runs,
                    "SELECT count(*) FROM jobrunr_jobs WHERE jobasjson LIKE '%ENQUEUED%PROCESSING%SUCCEEDED%'", runs);
        }

        @Override
        public void close() {
            storage.close();
        }
    }
}
