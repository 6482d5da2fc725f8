package dev.runledger.trials;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Finds the program: on the path, unpacked by an earlier build, or in Debian's package, which is fetched and unpacked but not installed. */
final class DebianPrometheus {
    private static final Path FOLDER = Path.of("target", "prometheus").toAbsolutePath();
    private static final Path UNPACKED = FOLDER.resolve("usr/bin/prometheus");

    private DebianPrometheus() {}

    /** Returns the program, or skips the test and says why. */
    static Path program() throws IOException, InterruptedException {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            Path installed = Path.of(folder, "prometheus");
            if (Files.isExecutable(installed)) {
                return installed;
            }
        }
        if (!Files.isExecutable(UNPACKED)) {
            unpack();
        }
        return UNPACKED;
    }

    private static void unpack() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        if (!succeeds("apt-get", "download", "prometheus")) {
            succeeds("apt-get", "update"); // a fresh machine has no list of packages yet; only root may fetch it
            if (!succeeds("apt-get", "download", "prometheus")) {
                throw new TestAbortedException(
                        "there is no prometheus on the path, and `apt-get download prometheus` does not get Debian's package");
            }
        }
        Path archive;
        try (Stream<Path> files = Files.list(FOLDER)) {
            archive = files.filter(file -> file.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow();
        }
        if (!succeeds("dpkg", "-x", archive.toString(), FOLDER.toString())) {
            throw new TestAbortedException("dpkg cannot unpack " + archive.getFileName());
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("log").toFile())
                    .start();
            if (process.waitFor(3, TimeUnit.MINUTES)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
