package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.faults.HostProcess;
import dev.runledger.jdbi.JdbiRunStore;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Kills one {@link WritingHost} after another on the same database, at random times, and checks what each has left. */
final class KilledHosts {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final StoreProfile profile;
    private final String url;
    private final DataSource source;
    private final long seed = new Random().nextInt(1_000_000);
    private final Random random = new Random(seed);
    private int acknowledged;
    private int unacknowledged;
    private int runs;
    private int tasks;

    private KilledHosts(StoreProfile profile, String url) {
        this.profile = profile;
        this.url = url;
        this.source = profile.plain(url);
    }

    /** Kills that many hosts, checks what each acknowledged against the database, and prints figures. */
    static void kill(StoreProfile profile, String url, int kills) {
        KilledHosts hosts = new KilledHosts(profile, url);
        long start = System.nanoTime();
        Acknowledged all = new Acknowledged();
        for (int kill = 1; kill <= kills; kill++) {
            hosts.kill(kill, all);
        }
        StoredHistory whole = new StoredHistory(StoredRows.read(hosts.source, ""));
        assertThat(whole.missing(all.states())).as("seed %d", hosts.seed).isEmpty();
        assertThat(whole.faults()).as("seed %d", hosts.seed).isEmpty();
        System.out.printf(
                "killed hosts, %s: seed %d, %d kills, %d acknowledged, 0 lost, 0 duplicated, 0 faults in %d runs and %d tasks,"
                        + " %d stored in flight of the kills, %d s%n",
                profile,
                hosts.seed,
                kills,
                hosts.acknowledged,
                hosts.runs,
                hosts.tasks,
                hosts.unacknowledged,
                (System.nanoTime() - start) / 1_000_000_000);
    }

    private void kill(int kill, Acknowledged all) {
        String prefix = "kill" + kill + "-";
        Acknowledged printed;
        try (HostProcess host =
                HostProcess.start(WritingHost.class, profile.name(), url, prefix, Long.toString(seed + 100L * kill))) {
            AtomicInteger left = new AtomicInteger(1 + random.nextInt(400));
            host.awaitLine(line -> !Acknowledged.isLine(line) || left.decrementAndGet() == 0, LIMIT);
            LockSupport.parkNanos(random.nextInt(5_000_000)); // else the kill came always just after a call
            host.kill();
            assertThat(host.lines())
                    .as("seed %d, kill %d: %s", seed, kill, host.errors())
                    .allMatch(Acknowledged::isLine);
            printed = Acknowledged.of(host.lines());
        }
        Backends.awaitNone(profile, url);
        look(kill, prefix, printed);
        printed.states().forEach(all::add);
    }

    private void look(int kill, String prefix, Acknowledged printed) {
        try (JdbiRunStore store = profile == StoreProfile.SQLITE_PATH ? profile.open(url) : JdbiRunStore.on(source)) {
            StoredHistory stored = new StoredHistory(StoredRows.read(source, prefix)).comparedTo(store.history());
            assertThat(stored.missing(printed.states()))
                    .as("acknowledged and lost, seed %d, kill %d", seed, kill)
                    .isEmpty();
            assertThat(stored.faults()).as("seed %d, kill %d", seed, kill).isEmpty();
            assertThat(printed.repeated()).as("events of two calls").isZero();
            int more = stored.eventIds().size() - printed.size();
            assertThat(more)
                    .as("a call in flight of each thread, or a hand-off")
                    .isBetween(0, 2 * WritingHost.THREADS);
            acknowledged += printed.size();
            unacknowledged += more;
            runs += stored.runs();
            tasks += stored.tasks();
        }
        if (profile != StoreProfile.POSTGRESQL) {
            assertThat(Backends.ask(source, "PRAGMA integrity_check")).isEqualTo("ok");
        }
    }
}
