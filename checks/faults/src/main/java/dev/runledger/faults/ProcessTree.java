package dev.runledger.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process, not necessarily ours, and all that it started.
 *
 * @param root its process id
 */
record ProcessTree(long root) {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(20);

    /** Kills all of them with SIGKILL and returns when they are gone. */
    void kill() {
        ProcessHandle.of(root).ifPresent(parent -> {
            freeze(); // or it starts another child between the listing and the kill, which then outlives it
            List<ProcessHandle> all = new ArrayList<>(List.of(parent));
            parent.descendants().forEach(all::add);
            all.forEach(ProcessHandle::destroyForcibly);
            long start = System.nanoTime();
            while (!all.stream().allMatch(ProcessTree::gone)) {
                if (System.nanoTime() - start > LIMIT) {
                    throw new IllegalStateException("Still alive: " + all);
                }
                Thread.onSpinWait();
            }
        });
    }

    private void freeze() {
        try {
            new ProcessBuilder("sh", "-c", "kill -STOP " + root).start().waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the process is gone. A zombie is: in a container it may never be reaped, and it holds nothing. */
    private static boolean gone(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException noSuchProcess) {
            return true;
        }
    }
}
