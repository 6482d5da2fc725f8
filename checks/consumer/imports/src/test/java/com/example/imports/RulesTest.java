package com.example.imports;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.runledger.testkit.LedgerRules;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .importUrl(Imports.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void theServiceAsksTheLedger() {
        LedgerRules.all().check(MAIN);
    }

    @Test
    void theServiceKnowsNoKit() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.runledger.testkit..", "org.junit..", "org.assertj..", "com.tngtech..")
                .check(MAIN);
    }
}
