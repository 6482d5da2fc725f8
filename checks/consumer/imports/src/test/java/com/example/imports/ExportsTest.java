package com.example.imports;

import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.DISPATCH_REFUSED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.REQUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.testkit.FromKit;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import dev.runledger.testkit.SecretCanary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An application that keeps its own table and only emits events. */
class ExportsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    private final LedgerExtension extension = LedgerExtension.of(() -> LedgerKit.builder()
            .name("export")
            .onlyCustomFields("firstRow", "quota")
            .build());

    @FromKit
    private LedgerKit kit;

    @FromKit
    private RecordingSink recorder;

    @FromKit
    private MutableClock clock;

    @TempDir
    private Path folder;

    private final List<String> noticed = new ArrayList<>();
    private Exports exports;

    @BeforeEach
    void exports() throws Exception {
        exports = on(Databases.in(folder));
    }

    private Exports on(DataSource dataSource) throws SQLException {
        return new Exports(dataSource, kit.events(), clock, kit.ids(), this::notice);
    }

    /** It takes a minute to write a letter. */
    private void notice(String id) {
        noticed.add(id);
        clock.advance(Duration.ofMinutes(1));
    }

    private String requested() throws Exception {
        return exports.request("acme", "key").orElseThrow();
    }

    private String begun() throws Exception {
        String id = requested();
        clock.advance(SECOND);
        exports.begin(id, "worker-1");
        clock.advance(SECOND);
        return id;
    }

    @Test
    void anExportEmitsItsEvents() throws Exception {
        String id = begun();
        exports.finish(id, "sku;price");
        assertThat(recorder).run(id).emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED);
    }

    @Test
    void anExportWaitsForItsWorker() throws Exception {
        String id = requested();
        clock.advance(SECOND.multipliedBy(5));
        exports.begin(id, "worker-1");
        assertThat(recorder).run(id).waitedInQueue(SECOND.multipliedBy(5));
    }

    @Test
    void aFailedExportTookAsLongAsItRan() throws Exception {
        String id = begun();
        exports.fail(id, "sftp://acme.example/in");
        assertThat(recorder).run(id).took(SECOND);
    }

    @Test
    void whatWasHeldIsMeasuredByTheClock() throws Exception {
        String id = begun();
        for (int days = 1; days <= 2; days++) {
            exports.hold(id, 100);
            clock.advance(Duration.ofDays(days));
            exports.release(id);
        }
        assertThat(recorder).run(id).hasConsistentDurations();
    }

    private String begunAgain() throws Exception {
        String id = begun();
        exports.giveBack(id, "a deploy");
        clock.advance(SECOND.multipliedBy(3));
        exports.begin(id, "worker-2");
        clock.advance(SECOND);
        return id;
    }

    @Test
    void whatIsGivenBackIsBegunAgain() throws Exception {
        assertThat(recorder).run(begunAgain()).emittedExactly(QUEUED, RUNNING, REQUEUED, RUNNING);
    }

    @Test
    void anotherWorkerHasIt() throws Exception {
        assertThat(recorder).run(begunAgain()).event(RUNNING, 2).hasField("workerId", "worker-2");
    }

    @Test
    void theQueueIsMeasuredAnewAndTheRunIsNot() throws Exception {
        String id = begunAgain();
        exports.finish(id, "sku;price");
        assertThat(recorder).run(id).hasConsistentDurations();
    }

    @Test
    void whatIsReleasedMayBeHeldAgain() throws Exception {
        String id = begun();
        exports.hold(id, 100);
        exports.release(id);
        assertThat(recorder).run(id).event(RUNNING).hasField("workerId", "worker-1");
    }

    @Test
    void oneAtATimeForACustomer() throws Exception {
        requested();
        exports.request("acme", "key");
        exports.request("globex", "key");
        assertThat(recorder).hadAtMostOneInFlight();
    }

    @Test
    void aRefusalSaysWhy() throws Exception {
        exports.request("acme", "");
        assertThat(recorder).event(DISPATCH_REFUSED).keepsTheContract().hasField("reason", "no key");
    }

    @Test
    void whatHasEndedStaysEnded() throws Exception {
        String id = begun();
        exports.finish(id, "sku;price");
        exports.cancel(id, "too late");
        assertThat(recorder).run(id).hasNothingAfterItsEnd();
    }

    @Test
    void theTableNumbersItsChanges() throws Exception {
        String id = begun();
        assertThat(recorder).run(id).event(RUNNING).hasId(id + ":2");
    }

    @Test
    void theEndIsNotTheLetter() throws Exception {
        String id = begun();
        Instant end = clock.instant();
        exports.finish(id, "sku;price");
        assertThat(recorder).run(id).event(SUCCEEDED).happenedAt(end);
        assertThat(noticed).containsExactly(id);
    }

    @Test
    void theThreadThatReleasesEmits() throws Exception {
        String id = begun();
        exports.hold(id, 100);
        exports.release(id);
        assertThat(recorder).run(id).wasEmittedByThisThread();
    }

    @Test
    void whatIsQueuedMayBeCalledOff() throws Exception {
        String id = requested();
        exports.cancel(id, "not needed");
        assertThat(recorder).run(id).isEchoed();
    }

    @Test
    void whatAWorkerLeftIsAdopted() throws Exception {
        String id = exports.adopt("acme", "worker-1");
        assertThat(recorder).run(id).emittedExactly(QUEUED, RUNNING);
    }

    @Test
    void nothingIsEmittedBeforeItsCommit() throws Exception {
        on(kit.watch(Databases.in(folder))).request("acme", "key");
    }

    @Test
    void anExportWithinAnotherTransactionHasACommitOfItsOwn() throws Exception {
        DataSource watched = kit.watch(Databases.in(folder));
        Exports within = on(watched);
        try (Connection outer = watched.getConnection()) {
            outer.setAutoCommit(false);
            within.request("acme", "key");
            outer.rollback();
        }
        assertThat(recorder).onlyRun().emittedExactly(QUEUED);
    }

    @Test
    void aLongRowIsCut() throws Exception {
        exports.finish(begun(), "price;".repeat(1_000));
    }

    @Test
    void aPlaceHasNoPassword() throws Exception {
        exports.fail(begun(), "sftp://bot:hunter2@acme.example/in");
    }

    @Test
    void aKeyIsNobodysBusiness(SecretCanary canary) throws Exception {
        exports.request("acme", canary.secret());
    }
}
