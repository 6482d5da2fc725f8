package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Counts what the house style asks for, over the sources of the published modules and over the pages. */
class HouseStyleTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final List<String> MODULES =
            List.of("ledger-core", "ledger-jdbi", "ledger-micrometer", "ledger-otel", "ledger-testkit");

    /** First words that end as a verb in the third person does, and are none. */
    private static final Set<String> NO_VERBS = Set.of(
            "This",
            "Its",
            "Thus",
            "Always",
            "Unless",
            "Fields",
            "Texts",
            "Names",
            "Rows",
            "Runs",
            "Tasks",
            "Events",
            "Times",
            "Class",
            "Across",
            "Perhaps",
            "Others",
            "Sometimes",
            "Afterwards",
            "Besides",
            "Less",
            "Plus",
            "Units",
            "Values");

    private static final Pattern BANNED = Pattern.compile(
            "\\b(told|tells|tell|untold|telling)\\b|of the host's|a host's own", Pattern.CASE_INSENSITIVE);

    /** A conversion whose digits or letters are those of the default locale, and a change of case by it. */
    private static final Pattern BY_LOCALE = Pattern.compile(
            "\"[^\"]*%[-0-9$,.+# (]*[dxXofeEgGtT][^\"]*\"|to(Lower|Upper)Case\\(\\)|ofPattern\\([^,]*\\)");

    @Test
    void noTextThatAMachineReadsDependsOnTheLocale() throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> sources = new ArrayList<>(mainSources());
        files(ROOT.resolve("examples"), ".java").stream()
                .filter(file -> file.toString().contains("/src/main/"))
                .forEach(sources::add);
        for (Path file : sources) {
            String before = "";
            for (String line : Files.readAllLines(file)) {
                if (BY_LOCALE.matcher(line).find() && !(before + line).contains("Locale.ROOT")) {
                    found.add(file.getFileName() + ": " + line.strip());
                }
                before = line;
            }
        }
        assertThat(found)
                .as("texts by the default locale: expected %%s instead of %%d, or Locale.ROOT")
                .isEmpty();
        assertThat(BY_LOCALE.matcher("\"%d rows\".formatted(n)").find()).isTrue();
        assertThat(BY_LOCALE.matcher("\"%s rows\".formatted(n)").find()).isFalse();
    }

    @Test
    void javadocOfPublicMethodsStartsWithAVerb() throws IOException {
        List<String> without = new ArrayList<>();
        int all = 0;
        for (Method method : publicMethods()) {
            all++;
            if (!method.startsWithVerb()) {
                without.add(method.where() + ": " + method.firstWords());
            }
        }
        System.out.printf(
                "Javadoc of %d public methods, %d of it starts with a verb (%d %%)%n",
                all, all - without.size(), 100 * (all - without.size()) / all);
        assertThat(all).as("public methods that were found").isGreaterThan(500);
        assertThat(100 * without.size())
                .as("public methods whose Javadoc does not start with a verb:%n%s"
                        .formatted(String.join("\n", without)))
                .isLessThanOrEqualTo(15 * all);
    }

    @Test
    void theWordsOfTheHouseAreUsed() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (Path file : pagesAndSources()) {
            files++;
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (BANNED.matcher(lines.get(i)).find()) {
                    found.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        assertThat(files).isGreaterThan(250);
        assertThat(found).as("lines that use a word that the glossary replaces").isEmpty();
    }

    @Test
    void noFileIsLongerThanOneThing() throws IOException {
        List<String> longer = new ArrayList<>();
        for (Path file : mainSources()) {
            long lines = Files.readAllLines(file).size();
            if (lines > 400) {
                longer.add(ROOT.relativize(file) + ": " + lines);
            }
        }
        assertThat(longer).as("files of more than 400 lines").isEmpty();
    }

    private record Method(String where, String doc) {
        boolean startsWithVerb() {
            String first = doc.strip().split("[\\s{]", 2)[0];
            return first.equals("Called") || (first.matches("[A-Z][a-z]+s") && !NO_VERBS.contains(first));
        }

        String firstWords() {
            String line = doc.strip().replaceAll("\\s+", " ");
            return line.substring(0, Math.min(70, line.length()));
        }
    }

    private static List<Method> publicMethods() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources = mainSources().stream()
                    .filter(file -> !file.endsWith("module-info.java"))
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    ignored -> {},
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            List<Method> methods = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                new TreePathScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void none) {
                        String doc = docs.getDocComment(getCurrentPath());
                        Tree parent = getCurrentPath().getParentPath().getLeaf();
                        boolean ofInterface = parent.getKind() == Tree.Kind.INTERFACE;
                        boolean isPublic =
                                ofInterface || method.getModifiers().getFlags().contains(Modifier.PUBLIC);
                        if (doc != null
                                && isPublic
                                && method.getReturnType() != null
                                && parent instanceof ClassTree type) {
                            methods.add(new Method(type.getSimpleName() + "." + method.getName(), doc));
                        }
                        return super.visitMethod(method, none);
                    }
                }.scan(unit, null);
            }
            return methods;
        }
    }

    private static List<Path> mainSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            sources.addAll(files(ROOT.resolve(module).resolve("src/main/java"), ".java"));
        }
        return sources;
    }

    private static List<Path> pagesAndSources() throws IOException {
        List<Path> all = new ArrayList<>(mainSources());
        for (String page : List.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")) {
            all.add(ROOT.resolve(page));
        }
        all.addAll(files(ROOT.resolve("docs"), ".md"));
        all.addAll(files(ROOT.resolve("examples"), ".md"));
        all.addAll(files(ROOT.resolve("examples"), ".java"));
        return all;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
    }
}
