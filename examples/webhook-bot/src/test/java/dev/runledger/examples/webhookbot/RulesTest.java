package dev.runledger.examples.webhookbot;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.runledger.testkit.LedgerRules;
import org.junit.jupiter.api.Test;

// snippet
class RulesTest {
    private static final JavaClasses APPLICATION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.runledger.examples.webhookbot");

    @Test
    void everyChangeGoesThroughTheLedger() {
        LedgerRules.all().check(APPLICATION);
    }
}
// end
