package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.faults.CountingDataSource;
import dev.runledger.faults.Rounds;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.Database;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queries that no page would ask: each returns what {@link RunQuery#matches} says, and gets into no statement. */
class HostileQueriesTest {
    private static final int RUNS = 120;

    /** Texts for all filters, most of which some run has. The mark in them is looked for in the statements. */
    private static final List<String> TEXTS = List.of(
            "zq1' OR '1'='1",
            "zq2%",
            "zq2_",
            "zq2a",
            "zq2A",
            "ZQ2\u00C4",
            "zq2\u00E4",
            "zq3\\",
            "zq3\"; DROP TABLE ledger_run; --",
            "zq4 /* :reason ? ${run} */",
            "zq5\u0130\u212A\u017F",
            "zq6\uD83D\uDE80",
            "zq7 ' || chr(65) || '",
            "zq8*[a-z]",
            "zq9?");

    /** Texts that a filter can have and no run can. */
    private static final List<String> IMPOSSIBLE = List.of(
            "zq\u0000", "zq\u0000a", "\u0000", "zq\uD800", "\uDC00zq", "zq\n", "", " ", "zq" + "x".repeat(100_000));

    private static final List<String> POSITIONS = List.of(
            "0_zq",
            "9223372036854775807_zq",
            "-9223372036854775808_zq",
            "1_",
            "1_zq' OR 1=1",
            "1_zq\u0000",
            "1_\uD800zq",
            "1767225600000000_zq\uD83D\uDE80");

    /** Texts that are not positions. */
    private static final List<String> NO_POSITIONS =
            List.of("", "_", "zq", "zq_zq", "1", "1.5_zq", "99999999999999999999_zq", "0x1_zq", " 1_zq");

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("ledger.seed", 20260301L);
    private final Random random = new Random(seed);

    @ParameterizedTest
    @EnumSource(Database.class)
    void everyQueryReturnsWhatItMatchesAndIsBound(Database database) {
        CountingDataSource[] counting = new CountingDataSource[1];
        try (TestStore bench = TestStore.open(database, folder, pool -> counting[0] = new CountingDataSource(pool))) {
            fill(bench.ledger());
            List<WorkflowRun> all = everyRun(bench);
            counting[0].reset();
            int requests = Rounds.of(1_000, 10_000);
            int hits = 0;
            for (int i = 0; i < requests; i++) {
                RunQuery query = query(all);
                List<RunId> expected = all.stream()
                        .filter(query::matches)
                        .map(WorkflowRun::id)
                        .limit(query.limit())
                        .toList();
                RunHistory.Page page = bench.store().history().page(query);
                assertThat(page.runs())
                        .as("request %d of seed %d: %.500s", i, seed, query)
                        .extracting(WorkflowRun::id)
                        .containsExactlyElementsOf(expected);
                hits += expected.isEmpty() ? 0 : 1;
            }
            Set<String> statements = new HashSet<>(counting[0].statements());
            assertThat(statements).noneMatch(sql -> sql.toLowerCase(Locale.ROOT).contains("zq"));
            assertThat(hits).isGreaterThan(requests / 20);
            System.out.printf(
                    "queries, %s: seed %d, %d requests, %d with a run on their page, %d statements, 0 with a value in them%n",
                    database, seed, requests, hits, statements.size());
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aTextThatNoRunCanHaveFindsNone(Database database) {
        try (TestStore bench = TestStore.open(database, folder)) {
            fill(bench.ledger());
            for (String text : IMPOSSIBLE) {
                if (!text.isEmpty()) {
                    assertThat(bench.store().history().waitingFor("", text)).isEmpty();
                }
                assertThat(bench.store()
                                .history()
                                .page(RunQuery.builder().workflowName(text).build())
                                .runs())
                        .isEmpty();
            }
            for (String text : NO_POSITIONS) {
                assertThatThrownBy(() -> RunQuery.builder().after(text))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("after is not the position of a page");
            }
        }
    }

    private void fill(Ledger ledger) {
        for (int i = 0; i < RUNS; i++) {
            RunId id = RunId.of("r-" + i);
            NewRun run = NewRun.of(text())
                    .id(id)
                    .project(random.nextBoolean() ? "" : text())
                    .target(Target.of(text() + i % 7));
            if (random.nextBoolean()) {
                run = run.trigger(Trigger.of(text()).deliveryId(text()));
            }
            if (i > 0 && random.nextInt(3) == 0) {
                run = run.parentRunId(RunId.of("r-" + random.nextInt(i)));
            }
            if (ledger.dispatch(run) instanceof Dispatch.Refused) {
                continue;
            }
            switch (random.nextInt(5)) {
                case 0 -> ledger.cancel(id, "before " + text() + " after");
                case 1 -> ledger.fail(id, Failure.of(text(), category()));
                case 2 -> ledger.start(id, "w");
                case 3 -> {
                    ledger.start(id, "w");
                    ledger.incomplete(id, text() + text());
                }
                default -> {}
            }
        }
    }

    private static List<WorkflowRun> everyRun(TestStore bench) {
        List<WorkflowRun> all = new ArrayList<>();
        RunQuery query = RunQuery.builder().limit(RunQuery.MAX_LIMIT).build();
        all.addAll(bench.store().history().page(query).runs());
        assertThat(all).hasSizeGreaterThan(RUNS / 2).hasSize((int) bench.count("ledger_run"));
        return all;
    }

    private RunQuery query(List<WorkflowRun> all) {
        RunQuery.Builder query = RunQuery.builder().limit(1 + random.nextInt(RunQuery.MAX_LIMIT));
        for (int filters = random.nextInt(4); filters > 0; filters--) {
            switch (random.nextInt(11)) {
                case 0 -> query.project(random.nextBoolean() ? "" : anyText());
                case 1 -> query.workflowName(anyText());
                case 2 -> query.states(RunState.values()[random.nextInt(RunState.values().length)], RunState.FAILED);
                case 3 -> query.trigger(anyText());
                case 4 -> query.target(Target.of(text() + random.nextInt(7)));
                case 5 -> query.deliveryId(anyText());
                case 6 -> query.parentRunId(RunId.of("r-" + random.nextInt(RUNS)));
                case 7 -> query.errorCategory(category());
                case 8 -> query.from(instant(all));
                case 9 -> query.to(instant(all));
                default -> query.reasonContains(part());
            }
        }
        if (random.nextInt(3) == 0) {
            WorkflowRun place = all.get(random.nextInt(all.size()));
            query.after(
                    random.nextBoolean()
                            ? POSITIONS.get(random.nextInt(POSITIONS.size()))
                            : RunQuery.Position.of(place).text());
        }
        return query.build();
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private String anyText() {
        return random.nextInt(4) == 0 ? IMPOSSIBLE.get(random.nextInt(IMPOSSIBLE.size())) : text();
    }

    /** Returns a piece of a text, which begins and ends anywhere and so may halve a surrogate pair. */
    private String part() {
        String text = anyText();
        int from = random.nextInt(text.length() + 1);
        String part = text.substring(from, Math.min(text.length(), from + random.nextInt(12)));
        return random.nextBoolean() ? part : part.toUpperCase(Locale.ROOT);
    }

    private Failure.Category category() {
        return Failure.Category.values()[random.nextInt(Failure.Category.values().length)];
    }

    private Instant instant(List<WorkflowRun> all) {
        return switch (random.nextInt(5)) {
            case 0 -> Instant.MIN;
            case 1 -> Instant.MAX;
            case 2 -> Instant.EPOCH;
            default -> all.get(random.nextInt(all.size())).times().queuedAt();
        };
    }
}
