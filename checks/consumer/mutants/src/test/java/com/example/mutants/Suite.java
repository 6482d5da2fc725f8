package com.example.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The suite of the service, run on a copy of the service. Service and tests are loaded by a class loader of their own, whose parent has
 * neither, so that no class of another copy can be meant.
 */
final class Suite {
    private static final Path SERVICE = Path.of("..", "imports", "src");

    /** Tests that wait for a sweep to come, and what they are about: no other mutant is worth the seconds. */
    private static final Map<String, String> WAITING = Map.of("UpkeepTest.java", "Upkeep.java");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    private final StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null);
    private final Path folder;
    private final Path tests;
    private final List<String> testFiles;
    private final Launcher launcher = LauncherFactory.create();

    /** Compiles the tests, once, against the service as it is. */
    Suite(Path folder) throws IOException {
        this.folder = folder;
        this.tests = Files.createDirectories(folder.resolve("tests"));
        Path service = Files.createDirectories(folder.resolve("service"));
        compile(sources(SERVICE.resolve("main")), service, List.of());
        Map<String, String> testSources = sources(SERVICE.resolve("test"));
        compile(testSources, tests, List.of(service));
        this.testFiles = testSources.keySet().stream()
                .filter(file -> file.endsWith("Test.java"))
                .toList();
    }

    /** How each test ended on the service as it is: null where it passed. */
    Map<String, Throwable> run() throws IOException {
        return run("unchanged", sources(SERVICE.resolve("main")), testFiles);
    }

    /** How each test ended on the service with this change: null where it passed. */
    Map<String, Throwable> run(Mutant mutant) throws IOException {
        Map<String, String> sources = sources(SERVICE.resolve("main"));
        sources.put(mutant.file(), mutant.applyTo(sources.get(mutant.file())));
        List<String> worthIt = testFiles.stream()
                .filter(test -> WAITING.getOrDefault(test, mutant.file()).equals(mutant.file()))
                .toList();
        return run(mutant.id(), sources, worthIt);
    }

    private Map<String, Throwable> run(String name, Map<String, String> service, List<String> of) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(name));
        compile(service, classes, List.of());
        URL[] urls = {classes.toUri().toURL(), tests.toUri().toURL()};
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urls, before)) {
            thread.setContextClassLoader(loader);
            return run(loader, of);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Map<String, Throwable> run(ClassLoader loader, List<String> files) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String file : files) {
            request.selectors(selectClass(load(loader, "com.example.imports." + file.replace(".java", ""))));
        }
        Results results = new Results();
        launcher.execute(request.build(), results);
        return results.byTest;
    }

    private static Class<?> load(ClassLoader loader, String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** The sources below a folder, by the name of their file. */
    private static Map<String, String> sources(Path folder) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                sources.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return sources;
    }

    private void compile(Map<String, String> sources, Path target, List<Path> besides) throws IOException {
        StringBuilder errors = new StringBuilder();
        files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(target));
        files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath(besides));
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new Source(name, text)));
        List<String> options = List.of("--release", "17", "-parameters", "-g", "-proc:none");
        boolean compiled = COMPILER.getTask(
                        null, files, message -> errors.append(message).append('\n'), options, null, units)
                .call();
        if (!compiled) {
            throw new IllegalStateException("does not compile: " + errors);
        }
    }

    private static List<Path> classPath(List<Path> besides) {
        List<Path> all = new ArrayList<>(besides);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            all.add(Path.of(entry));
        }
        return all;
    }

    /** A source in memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///com/example/imports/" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** How each test ended. */
    private static final class Results implements TestExecutionListener {
        private final Map<String, Throwable> byTest = new TreeMap<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Throwable thrown = result.getThrowable().orElse(null);
            if (test.getSource().orElse(null) instanceof MethodSource method) {
                String type = method.getClassName().replaceAll(".*\\.", "");
                byTest.put(type + "#" + method.getMethodName(), thrown);
            } else if (thrown != null) {
                byTest.put(test.getDisplayName(), thrown);
            }
        }
    }
}
