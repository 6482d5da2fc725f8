package com.example.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.testkit.Breach;
import dev.runledger.testkit.EventAssert;
import dev.runledger.testkit.FanOutAssert;
import dev.runledger.testkit.LedgerRules;
import dev.runledger.testkit.OperationsContract;
import dev.runledger.testkit.RecordingAssert;
import dev.runledger.testkit.RunAssert;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mutant is found, by what it was made for; {@code -Dledger.docs=write} writes the page of them anew. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutantsTest {
    private static final int MOST_OTHERS = 4;

    /** What leads to an assertion and is none. */
    private static final Set<String> LEADING = Set.of(
            "RecordingAssert.run",
            "RecordingAssert.withoutAwaits",
            "RunAssert.withoutAwaits",
            "RunAssert.withoutTasks");

    private final Map<String, Findings> found = new HashMap<>();
    private Suite suite;

    @BeforeAll
    void suite(@TempDir Path folder) throws IOException {
        suite = new Suite(folder);
        Assertions.setRemoveAssertJRelatedElementsFromStackTrace(false); // the frames say which assertion it was
    }

    static Stream<Mutant> mutants() {
        return Mutants.all().stream();
    }

    private Findings findings(Mutant mutant) {
        return found.computeIfAbsent(mutant.id(), id -> {
            try {
                return new Findings(mutant, suite.run(mutant));
            } catch (IOException broken) {
                throw new IllegalStateException(broken);
            }
        });
    }

    /** So it is neither the compiler nor the class loader that fails a mutant. */
    @Test
    void theServiceItselfPasses() throws IOException {
        Map<String, Throwable> results = suite.run();
        assertThat(results).hasSizeGreaterThan(50);
        assertThat(results.values()).allMatch(Objects::isNull);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aMutantIsFoundForWhatItIs(Mutant mutant) {
        Findings findings = findings(mutant);
        assertThat(findings.failure()).isInstanceOf(AssertionError.class);
        assertThat(findings.message()).contains(mutant.reason());
        if (mutant.isBreach()) {
            assertThat(findings.message())
                    .startsWith("Production would only have counted this")
                    .containsPattern("(?m)^ {2}1\\. " + mutant.caughtBy() + ": ");
        } else if (!mutant.caughtBy().startsWith("LedgerRules")) {
            assertThat(findings.kitFrames()).contains(mutant.caughtBy());
        }
        assertThat(findings.others()).hasSizeLessThanOrEqualTo(MOST_OTHERS);
    }

    @Test
    void everythingThatFindsHasAMutant() {
        Set<String> finders = new TreeSet<>();
        for (Class<?> type : List.of(RunAssert.class, EventAssert.class, RecordingAssert.class, FanOutAssert.class)) {
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
                    finders.add(type.getSimpleName() + "." + method.getName());
                }
            }
        }
        for (Method method : LedgerRules.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !method.getName().equals("all")) {
                finders.add("LedgerRules." + method.getName());
            }
        }
        for (Method method : OperationsContract.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class)) {
                finders.add("OperationsContract." + method.getName());
            }
        }
        for (Breach.Kind kind : Breach.Kind.values()) {
            finders.add(kind.name());
        }
        finders.addAll(List.of("EventLines.assertThatIsEvent", "SecretCanary.isNowhereIn"));
        finders.removeAll(LEADING);
        assertThat(mutants().map(Mutant::caughtBy)).containsAll(finders);
    }

    @Test
    void noTwoMutantsAreCalledAlikeOrChangeTheSame() {
        assertThat(mutants().map(Mutant::id)).doesNotHaveDuplicates();
        assertThat(mutants().map(each -> each.file() + each.find() + each.replacement()))
                .doesNotHaveDuplicates();
    }

    @Test
    void thePageShowsWhatTheyPrint() throws IOException {
        MutantsPage.holds(mutants().map(this::findings).toList());
    }
}
