package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventJson;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunQuery;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Locales with digits or letters of their own, such as Arabic digits or the Turkish i: no statement and no event has them. */
class LocaleTest {
    private final Locale before = Locale.getDefault();

    @TempDir
    private Path folder;

    @AfterEach
    void putBack() {
        Locale.setDefault(before);
    }

    static Stream<Arguments> databasesAndLocales() {
        return Stream.of("ar-EG", "fa-IR", "mr-IN", "ne-NP", "my-MM", "bn-BD", "tr-TR", "th-TH-u-nu-thai")
                .flatMap(tag -> Stream.of(Database.values()).map(database -> Arguments.of(database, tag)));
    }

    @ParameterizedTest
    @MethodSource("databasesAndLocales")
    void everyCallWorks(Database database, String tag) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        try (TestStore bench = TestStore.open(database, folder)) {
            JdbiRunStore store = bench.store();
            RunId id = RunId.of("r");
            TaskId task = TaskId.of("t");
            NewRun run = NewRun.of("review")
                    .id(id)
                    .target("t")
                    .trigger(Trigger.of("push").deliveryId("d"));
            List<StoreCommand<?>> calls = List.of(
                    new StoreCommand.DispatchRun(run.oncePerDelivery(true), Head.of()),
                    new RunChange.Start(id, "w", Head.of()),
                    new TaskChange.Start(id, NewTask.of("build").id(task), Head.of()),
                    new TaskChange.Succeed(task, TaskRun.Result.tool(0, 1_234_567), Head.of()),
                    new RunChange.Suspend(id, Wait.of(Wait.Code.APPROVAL), Head.of()),
                    new RunChange.Fail(id, Failure.of("boom"), Head.of()));
            calls.forEach(call -> assertThat(store.apply(call).result().name()).isEqualTo("APPLIED"));
            assertThat(store.history().events(id))
                    .hasSize(6)
                    .allSatisfy(event -> assertThat(EventJson.write(event)).isASCII());
            assertThat(store.history().page(RunQuery.all()).runs()).hasSize(1);
            assertThat(store.history().run(id).orElseThrow().seq()).isEqualTo(4);
            assertThat(store.snapshot(Duration.ofDays(1)).failing()).containsEntry("review", 1L);
        }
    }
}
