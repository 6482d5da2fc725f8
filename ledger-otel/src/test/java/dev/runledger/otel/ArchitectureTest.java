package dev.runledger.otel;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses OTEL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.runledger.otel");

    @Test
    void theModuleUsesTheCoreAndTheApiAndNothingElse() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.runledger..",
                        "java..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "io.opentelemetry.api..",
                        "io.opentelemetry.context.."))
                .check(OTEL);
    }

    @Test
    void thePluginAndItsBuilderAreAllThatIsPublic() {
        assertThat(OTEL)
                .filteredOn(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                .filteredOn(each -> !each.getSimpleName().equals("package-info"))
                .extracting(JavaClass::getSimpleName)
                .containsExactlyInAnyOrder("OtelPlugin", "Builder");
    }
}
