package dev.runledger.testkit;

import dev.runledger.event.TaskRunEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Puts the events of one run and its tasks into the order in which a test reads them.
 *
 * <p>The events of one thread keep their order. Of several threads, those that a row was stored for are sorted by seq: one moves only before
 * one that another thread emitted. An await or progress has no row. It stays behind everything that was emitted before it, and behind the
 * rows that it has seen.
 */
final class EventOrder {
    /** An event and how many were emitted before it. */
    private record Emitted(int place, RecordedEvent recorded) {
        boolean isBefore(Emitted other) {
            return place < other.place;
        }
    }

    private EventOrder() {}

    static List<RecordedEvent> of(List<RecordedEvent> emitted) {
        List<Emitted> all = IntStream.range(0, emitted.size())
                .mapToObj(place -> new Emitted(place, emitted.get(place)))
                .toList();
        List<Emitted> read =
                new ArrayList<>(all.stream().filter(EventOrder::hasRow).toList());
        sort(read, recorded -> !recorded.isOfTask() && History.seq(recorded) > 0, EventOrder::compare);
        emitted.stream()
                .map(RecordedEvent::taskId)
                .filter(id -> !id.isEmpty())
                .distinct()
                .forEach(task -> sort(
                        read,
                        recorded -> recorded.taskId().equals(task) && History.seq(recorded) > 0,
                        Comparator.comparingLong(History::seq)));
        all.stream().filter(each -> !hasRow(each)).forEach(each -> read.add(placeOf(each, read), each));
        return read.stream().map(Emitted::recorded).toList();
    }

    /** Returns whether a row was stored for the event, or for the one that it echoes. */
    private static boolean hasRow(Emitted emitted) {
        return !emitted.recorded().isAside() && emitted.recorded().event().type() != TaskRunEvent.PROGRESS;
    }

    /** Compares two events of a run. The echo has the seq of the event that it echoes and comes after it. */
    private static int compare(RecordedEvent one, RecordedEvent other) {
        int bySeq = Long.compare(History.seq(one), History.seq(other));
        return bySeq != 0 ? bySeq : Boolean.compare(History.isEcho(one), History.isEcho(other));
    }

    /** Sorts the chosen events among their own places. An event moves only before one that another thread emitted. */
    private static void sort(List<Emitted> read, Predicate<RecordedEvent> chosen, Comparator<RecordedEvent> order) {
        List<Integer> places = IntStream.range(0, read.size())
                .filter(i -> chosen.test(read.get(i).recorded()))
                .boxed()
                .toList();
        for (int i = 1; i < places.size(); i++) {
            for (int j = i; j > 0; j--) {
                Emitted before = read.get(places.get(j - 1));
                Emitted after = read.get(places.get(j));
                if (order.compare(before.recorded(), after.recorded()) <= 0 || isSameThread(before, after)) {
                    break;
                }
                read.set(places.get(j - 1), after);
                read.set(places.get(j), before);
            }
        }
    }

    private static int placeOf(Emitted rowless, List<Emitted> read) {
        int behind = 0;
        for (int i = 0; i < read.size(); i++) {
            Emitted other = read.get(i);
            if (rowless.isBefore(other) && isSameThread(rowless, other)) {
                return i;
            }
            if (other.isBefore(rowless) || hasSeen(rowless.recorded(), other.recorded())) {
                behind = i + 1;
            }
        }
        return behind;
    }

    private static boolean hasSeen(RecordedEvent rowless, RecordedEvent row) {
        boolean isOfSame =
                rowless.isOfTask() ? row.taskId().equals(rowless.taskId()) : !row.isOfTask() && !History.isEcho(row);
        return isOfSame && History.seq(row) > 0 && History.seq(row) <= History.seq(rowless);
    }

    private static boolean isSameThread(Emitted one, Emitted other) {
        return one.recorded().threadId() == other.recorded().threadId();
    }
}
