package dev.runledger.trials;

import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.RunImport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;

/** The main class of an application in another time zone: it dispatches a run, and imports some from hard instants. */
final class ZonedHost {
    /** Hours that summer time leaves out or repeats, the neighbour of a leap second, a day that a zone skipped, early instants. */
    static final List<Instant> HARD = List.of(
            Instant.parse("2026-03-29T01:30:00.123456Z"),
            Instant.parse("2026-10-25T00:30:00Z"),
            Instant.parse("2026-10-25T01:30:00Z"),
            Instant.parse("2016-12-31T23:59:59.999999Z"),
            Instant.parse("2011-12-30T10:30:00Z"),
            Instant.parse("1969-12-31T23:59:59Z"),
            Instant.parse("1883-11-18T12:00:00.000001Z"));

    private ZonedHost() {}

    static RunId live(String zone) {
        return RunId.of(zone.replace('/', '.') + "-live");
    }

    static RunId imported(String zone, Instant then) {
        return RunId.of(zone.replace('/', '.') + "-" + then.getEpochSecond());
    }

    static RunImport finished(RunId id, Instant then) {
        return Ledgers.succeeded(NewRun.of("review").id(id), then, Duration.ofHours(2));
    }

    /** Takes a {@link StoreProfile}, a URL and a zone. */
    public static void main(String[] args) {
        TimeZone.setDefault(TimeZone.getTimeZone(args[2])); // as user.timezone does, before anything asks for it
        JdbiRunStore store = StoreProfile.valueOf(args[0]).open(args[1]);
        Ledgers.dispatch(store, NewRun.of("review").id(live(args[2]))).orElseThrow();
        HARD.forEach(then -> Ledgers.importRun(store, finished(imported(args[2], then), then)));
        System.out.println("zone " + TimeZone.getDefault().getID());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
