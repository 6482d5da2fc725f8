package dev.runledger.trials;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A program that a trial runs: from the path, or from Debian's packages, which are fetched and unpacked but not installed. */
final class DebianProgram {
    private static final long MINUTES = 3;

    private final Path folder;
    private final String name;
    private final List<String> packages;

    /** Names a program; its package has the same name, and those that it needs may be missing too. */
    DebianProgram(String name, String... needed) {
        this.name = name;
        this.folder = Path.of("target", name).toAbsolutePath();
        this.packages = new ArrayList<>(List.of(name));
        this.packages.addAll(List.of(needed));
    }

    /** Prepares to start the program with these arguments, or skips the test and says why. */
    ProcessBuilder command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command);
        try (Stream<Path> libraries = libraries()) {
            libraries.findFirst().ifPresent(found -> process.environment().put("LD_LIBRARY_PATH", found.toString()));
        }
        return process;
    }

    private Path program() throws IOException, InterruptedException {
        for (String each : System.getenv("PATH").split(File.pathSeparator)) {
            Path installed = Path.of(each, name);
            if (Files.isExecutable(installed)) {
                return installed;
            }
        }
        for (String each : List.of("usr/bin", "usr/sbin")) {
            if (!Files.isDirectory(folder.resolve(each))) {
                unpack();
            }
            Path unpacked = folder.resolve(each).resolve(name);
            if (Files.isExecutable(unpacked)) {
                return unpacked;
            }
        }
        throw new IllegalStateException("no " + name + " in " + folder);
    }

    /** Returns the folder of the libraries that came with the packages, which is named after the machine. */
    private Stream<Path> libraries() throws IOException {
        Path all = folder.resolve("usr/lib");
        return Files.isDirectory(all)
                ? Files.list(all).filter(each -> each.getFileName().toString().endsWith("-linux-gnu"))
                : Stream.empty();
    }

    private void unpack() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        if (!isDownloaded()) {
            succeeds("apt-get", "update"); // a fresh machine has no list of packages yet; only root may fetch it
            if (!isDownloaded()) {
                throw new TestAbortedException(
                        "there is no %s on the path, and `apt-get download %s` does not get Debian's packages"
                                .formatted(name, String.join(" ", packages)));
            }
        }
        List<Path> archives;
        try (Stream<Path> files = Files.list(folder)) {
            archives = files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
        for (Path archive : archives) {
            if (!succeeds("dpkg", "-x", archive.toString(), folder.toString())) {
                throw new TestAbortedException("dpkg cannot unpack " + archive.getFileName());
            }
        }
    }

    private boolean isDownloaded() throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("apt-get", "download"));
        command.addAll(packages);
        return succeeds(command.toArray(String[]::new));
    }

    private boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            if (process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
