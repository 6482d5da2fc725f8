package dev.runledger.trials;

import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;

/** The main class of a host in another time zone: it dispatches a run, and imports some from instants that are hard to write. */
final class ZonedHost {
    /** Hours that a change of summer time leaves out or repeats, a leap second's neighbour, a day that a zone skipped, early ones. */
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

    static WorkflowRun finished(RunId id, Instant then) {
        return new WorkflowRun(
                NewRun.of("review").id(id),
                RunState.SUCCEEDED,
                3,
                new WorkflowRun.Times(then, then, null, Duration.ZERO, then.plusSeconds(7_200)),
                null,
                false,
                null,
                null,
                null,
                null);
    }

    /** Takes a {@link StoreProfile}, a URL and a zone. */
    public static void main(String[] args) {
        TimeZone.setDefault(TimeZone.getTimeZone(args[2])); // as user.timezone does, before anything asks for it
        JdbiRunStore store = StoreProfile.valueOf(args[0]).open(args[1]);
        store.dispatch(NewRun.of("review").id(live(args[2])), null, null)
                .orElseThrow();
        HARD.forEach(then -> store.importRun(finished(imported(args[2], then), then)));
        System.out.println("zone " + TimeZone.getDefault().getID());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
