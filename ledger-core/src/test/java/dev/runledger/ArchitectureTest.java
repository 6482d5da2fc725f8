package dev.runledger;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ObjectInputStream;
import org.junit.jupiter.api.Test;

/** The arrows of the design. A rule that matches no class fails: ArchUnit's default, which {@link #aRuleThatMatchesNothingFails} pins. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.runledger");

    @Test
    void theRulesSeeTheClasses() {
        assertThat(CORE).hasSizeGreaterThan(80);
    }

    @Test
    void aRuleThatMatchesNothingFails() {
        assertThatThrownBy(() -> classes()
                        .that()
                        .resideInAPackage("dev.runledger.none")
                        .should()
                        .bePublic()
                        .check(CORE))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("dev.runledger.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void nothingImportsTheFace() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.runledger.(*)..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.runledger")
                .check(CORE);
    }

    @Test
    void arrowsGoOneWay() {
        mayUse("dev.runledger.state", "dev.runledger.state");
        mayUse("dev.runledger.run", "dev.runledger.run", "dev.runledger.state");
        mayUse("dev.runledger.event", "dev.runledger.event", "dev.runledger.run", "dev.runledger.state");
        mayUse("dev.runledger.sink", "dev.runledger.sink", "dev.runledger.event", "dev.runledger.run");
        mayUse(
                "dev.runledger.store",
                "dev.runledger.store",
                "dev.runledger.event",
                "dev.runledger.run",
                "dev.runledger.state");
    }

    private static void mayUse(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.runledger..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(to))))
                .check(CORE);
    }

    @Test
    void coreSeesOnlySlf4jAndJspecifyAndBehindTheCodecJackson() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.runledger..", "java..", "org.slf4j..", "org.jspecify..", "com.fasterxml.jackson.."))
                .check(CORE);
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.runledger\\.event\\.(JacksonEvents|EventSchema|PayloadJson)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(CORE);
    }

    @Test
    void nothingDeserializesObjectsOrPrints() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(CORE);
        noClasses().should().accessField(System.class, "out").check(CORE);
        noClasses().should().accessField(System.class, "err").check(CORE);
    }

    @Test
    void publicClassesAreFinalUnlessTheyAreMeantToBeImplemented() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CORE);
    }
}
