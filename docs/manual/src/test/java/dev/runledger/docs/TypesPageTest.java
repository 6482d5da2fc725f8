package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the page of public types with the compiled classes, in both directions. */
class TypesPageTest {
    private static final Path PAGE = Path.of("..", "types.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| .+ \\|$");
    private static final List<String> INTEGRATIONS = List.of("jdbi", "micrometer", "operations", "otel", "testkit");

    @Test
    void thePageListsThePublicTypesOfEachModule() throws IOException {
        assertThat(listed()).isEqualTo(compiled());
    }

    @Test
    void thePageListsNoTypeTwice() throws IOException {
        assertThat(ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)))
                .hasSizeGreaterThan(80)
                .doesNotHaveDuplicates();
    }

    private static Map<String, Set<String>> listed() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        String[] sections = Files.readString(PAGE).split("(?m)^## ", -1);
        for (int i = 1; i < sections.length; i++) {
            String module = sections[i].substring(0, sections[i].indexOf('\n'));
            listed.put(
                    module,
                    ROW.matcher(sections[i])
                            .results()
                            .map(row -> row.group(1))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return listed;
    }

    private static Map<String, Set<String>> compiled() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.runledger").stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .collect(Collectors.groupingBy(
                                TypesPageTest::module,
                                TreeMap::new,
                                Collectors.mapping(JavaClass::getSimpleName, Collectors.toCollection(TreeSet::new))));
    }

    private static String module(JavaClass type) {
        return INTEGRATIONS.stream()
                .filter(name -> type.getPackageName().equals("dev.runledger." + name))
                .map(name -> "ledger-" + name)
                .findFirst()
                .orElse("ledger-core");
    }
}
