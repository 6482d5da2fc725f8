package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.runledger.Ledger;
import dev.runledger.testkit.host.Samples;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerRulesTest {
    private static final ClassFileImporter FILES = new ClassFileImporter();

    static List<ArchRule> rules() {
        return List.of(
                LedgerRules.eventNamesComeFromTheVocabulary(),
                LedgerRules.onlyTheLedgerChangesAStore(),
                LedgerRules.onlyTheLedgerWritesItsTables(),
                LedgerRules.all());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aHostThatDoesAsIsMeantKeepsThem(ArchRule rule) {
        rule.check(FILES.importClasses(Samples.Obedient.class, Samples.CountingStore.class));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRuleThatIsGivenNoClassOfTheHostsFails(ArchRule rule) {
        assertThatThrownBy(() -> rule.check(FILES.importPackages("dev.runledger.nowhere")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("failed to check any classes");
        assertThatThrownBy(() -> rule.check(FILES.importPackages("dev.runledger.event")))
                .as("the library's classes are not the application's")
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("failed to check any classes");
    }

    @Test
    void allIsEachOfThem() {
        for (Class<?> sample : List.of(Samples.Invents.class, Samples.CallsAStore.class, Samples.UpdatesATable.class)) {
            assertThatBreaks(LedgerRules.all(), sample).hasMessageContaining(sample.getSimpleName());
        }
    }

    // ---- event names

    @Test
    void anEventNameInALogLineIsFoundAndTheConstantNamed() {
        assertThatBreaks(LedgerRules.eventNamesComeFromTheVocabulary(), Samples.LogsAnEventByName.class)
                .hasMessageContaining(
                        "classes that belong to the application should take the names of events from the vocabulary")
                .hasMessageContaining("because a name in a text is not an event")
                .hasMessageContaining(
                        "LogsAnEventByName> has the text \"workflow.run.succeeded {}\" in (Samples.java:0)")
                .hasMessageContaining("emit WorkflowRunEvent.SUCCEEDED instead");
    }

    @Test
    void anEventNameIsFoundWhereverTheCompilerPutIt() {
        ArchRule rule = LedgerRules.eventNamesComeFromTheVocabulary();
        assertThatBreaks(rule, Samples.PutsAnEventOnALine.class).hasMessageContaining("emit TaskRunEvent.RETRYING");
        assertThatBreaks(rule, Samples.Names.class).hasMessageContaining("emit WorkflowRunEvent.FAILED");
        assertThatBreaks(rule, Samples.UsesAConstant.class).hasMessageContaining("emit WorkflowRunEvent.FAILED");
        assertThatBreaks(rule, Samples.Annotated.class).hasMessageContaining("emit WorkflowRunEvent.QUEUED");
        assertThatBreaks(rule, Samples.Concatenates.class).hasMessageContaining("'workflow.run.' is in no vocabulary");
        assertThatBreaks(rule, Samples.Invents.class)
                .hasMessageContaining("'workflow.run.exploded' is in no vocabulary");
    }

    @Test
    void aMeterThatIsNamedLikeAnEventIsOneIfTheHostSaysSo() {
        assertThatBreaks(LedgerRules.eventNamesComeFromTheVocabulary(), Samples.ReadsAMeter.class)
                .hasMessageContaining("workflow.run.duration");
        assertThatCode(() -> LedgerRules.eventNamesComeFromTheVocabulary("workflow.run.duration")
                        .check(FILES.importClasses(Samples.ReadsAMeter.class)))
                .doesNotThrowAnyException();
    }

    // ---- the store

    @Test
    void aCallThatChangesAStoreIsFoundAndThePlaceNamed() {
        assertThatBreaks(LedgerRules.onlyTheLedgerChangesAStore(), Samples.CallsAStore.class)
                .hasMessageContaining(
                        "classes that belong to the application should leave the changes of a RunStore to the Ledger")
                .hasMessageContaining("CallsAStore.work(dev.runledger.store.RunStore, dev.runledger.run.RunId)>")
                .hasMessageContaining("RunStore.apply(dev.runledger.store.StoreCommand)> in (Samples.java:")
                .hasMessageContaining("call the Ledger, which emits an event for what it stores");
    }

    @Test
    void aReferenceToAChangeIsFoundInAnAnonymousClass() {
        assertThatThrownBy(() -> LedgerRules.onlyTheLedgerChangesAStore()
                        .check(FILES.importPackages("dev.runledger.testkit.host")))
                .hasMessageContaining("RunStore.apply")
                .hasMessageContaining("RefersToAStore$1")
                .hasMessageNotContaining("CountingStore");
    }

    @Test
    void aCommandThatIsGivenToAHandlerIsFound() {
        assertThatBreaks(LedgerRules.onlyTheLedgerChangesAStore(), Samples.CallsAHandler.class)
                .hasMessageContaining("RunChange$Succeed.on(")
                .hasMessageContaining("call the Ledger, which emits an event for what it stores");
    }

    @Test
    void everyPackageOfTheCoreBelongsToTheLibrary() throws Exception {
        Path core = Path.of(
                Ledger.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<ModuleReference> found = ModuleFinder.of(core).findAll();
        assertThat(found).hasSize(1);
        assertThat(HostLine.LIBRARY)
                .containsAll(found.iterator().next().descriptor().packages());
    }

    // ---- the tables

    @Test
    void aStatementThatWritesATableIsFoundAndTheTableNamed() {
        ArchRule rule = LedgerRules.onlyTheLedgerWritesItsTables();
        assertThatBreaks(rule, Samples.UpdatesATable.class)
                .hasMessageContaining(
                        "classes that belong to the application should leave the writing of the ledger's tables to the ledger")
                .hasMessageContaining("UpdatesATable> has the text \"UPDATE \"public\".\"ledger_run\" SET state")
                .hasMessageContaining("it writes ledger_run; call the Ledger instead");
        assertThatBreaks(rule, Samples.InsertsIntoATable.class).hasMessageContaining("it writes ledger_event");
        assertThatBreaks(rule, Samples.ReplacesTheIdentityKey.class)
                .hasMessageContaining("it writes ledger_identity_key");
        assertThatBreaks(rule, Samples.DeletesFromATable.class).hasMessageContaining("it writes ledger_task");
    }

    @Test
    void theTablesAreThoseOfThePrefix() {
        assertThatBreaks(LedgerRules.onlyTheLedgerWritesItsTables("bot_"), Samples.WritesATableWithAPrefix.class)
                .hasMessageContaining("it writes bot_run");
        assertThatCode(() -> LedgerRules.onlyTheLedgerWritesItsTables("bot_")
                        .check(FILES.importClasses(Samples.UpdatesATable.class)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ledger", "Ledger_", "a.b_", "(a_", "a b_"})
    void aPrefixThatNoStoreCouldHaveIsRefused(String prefix) {
        assertThatThrownBy(() -> LedgerRules.onlyTheLedgerWritesItsTables(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tablePrefix is '" + prefix + "', expected");
    }

    // ---- class files

    @Test
    void everyTextOfAClassFileIsRead() {
        assertThat(ClassTexts.of(FILES.importClass(Samples.UsesAConstant.class)))
                .contains("workflow.run.failed", "work", "()V");
        assertThat(ClassTexts.of(FILES.importClass(String.class)))
                .as("from the run-time image, with constants of every kind")
                .contains("java/lang/String");
        assertThat(ClassTexts.of(FILES.importClass(Assertions.class)))
                .as("from a jar")
                .contains("org/assertj/core/api/Assertions");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertThatBreaks(ArchRule rule, Class<?> sample) {
        return assertThatThrownBy(() -> rule.check(FILES.importClasses(sample))).isInstanceOf(AssertionError.class);
    }
}
