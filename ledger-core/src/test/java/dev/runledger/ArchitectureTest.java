package dev.runledger;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.ObjectInputStream;
import java.util.stream.Stream;
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
    void nothingImportsTheRootPackage() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.runledger.(*)..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.runledger")
                .check(CORE);
    }

    @Test
    void classesOfTheRootPackageFormNoCircle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        String name = type.getName();
                        int nested = name.indexOf('$');
                        return type.getPackageName().equals("dev.runledger")
                                ? SliceIdentifier.of(nested < 0 ? name : name.substring(0, nested))
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "classes of the root package";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CORE);
    }

    /** The limit that the design sets: a type is public only if an application or a store needs it. */
    @Test
    void atMostSixtyTypesArePublic() {
        assertThat(CORE.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> type.isTopLevelClass())
                        .map(JavaClass::getName)
                        .filter(name -> !name.endsWith("package-info"))
                        .sorted())
                .hasSizeBetween(40, 60);
    }

    @Test
    void arrowsGoOneWay() {
        mayUse("state");
        mayUse("failure");
        mayUse("redact");
        mayUse("run", "state", "failure");
        mayUse("context", "run", "state");
        mayUse("event", "redact", "run", "failure", "state");
        mayUse("sink", "event", "redact");
        mayUse("history", "event", "run", "failure", "state");
        mayUse("store", "history", "event", "run", "failure", "state");
    }

    private static void mayUse(String from, String... to) {
        String[] allowed = Stream.concat(Stream.of(from), Stream.of(to))
                .map(name -> "dev.runledger." + name)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.runledger." + from)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.runledger..").and(not(resideInAnyPackage(allowed))))
                .check(CORE);
    }

    @Test
    void coreSeesOnlySlf4jAndJspecifyAndBehindTheCodecJackson() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.runledger..",
                        "java..",
                        "javax.crypto..", // of java.base
                        "org.slf4j..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.."))
                .check(CORE);
        noClasses()
                .that()
                .haveNameNotMatching(
                        "dev\\.runledger\\.(event\\.(JacksonEvents|EventSchema)|redact\\.PayloadJson)(\\$.*)?")
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
                .and()
                .areNotAnnotations()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CORE);
    }
}
