package dev.runledger.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kit shows to a suite. One more is a decision, and a line in the manual. */
class PublicTypesTest {
    private static final List<String> TYPES = List.of(
            "Breach",
            "EventAssert",
            "EventLines",
            "EventSinkContract",
            "FanOutAssert",
            "FromKit",
            "LeaseStoreContract",
            "LedgerAssertions",
            "LedgerExtension",
            "LedgerKit",
            "LedgerRules",
            "Log4jCapture",
            "LogbackCapture",
            "MeterWitness",
            "MutableClock",
            "OperationsContract",
            "RecordingAssert",
            "RecordingSink",
            "RecoveryStoreContract",
            "RetentionStoreContract",
            "RunAssert",
            "RunHistoryContract",
            "RunStoreContract",
            "SampleEvents",
            "SecretCanary",
            "TelemetryWitness",
            "TestedSink",
            "Witness");

    @Test
    void thePublicTypesAreThese() {
        assertThat(new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("dev.runledger.testkit")
                                .stream()
                                .filter(JavaClass::isTopLevelClass)
                                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                                .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrderElementsOf(TYPES);
    }

    @Test
    void theManualNamesEach() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/testing.md"))) {
            folder = folder.getParent();
        }
        String page = Files.readString(folder.resolve("docs/testing.md"));
        String types = page.substring(page.indexOf("## The types"));
        assertThat(TYPES).allSatisfy(type -> assertThat(types).contains("`" + type + "`"));
        assertThat(types).contains("%d public types".formatted(TYPES.size()));
    }
}
