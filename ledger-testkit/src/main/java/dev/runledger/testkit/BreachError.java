package dev.runledger.testkit;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the failure of a strict test: each breach with its line of the application, and all events. */
final class BreachError {
    private BreachError() {}

    static AssertionError of(List<Breach> breaches, List<RecordedEvent> recorded) {
        AssertionError error = new AssertionError("Production would only have counted this:%n%n%s%n%n%s"
                .formatted(listed(breaches), HistoryTable.of(recorded)));
        breaches.stream()
                .map(Breach::line)
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(line -> error.setStackTrace(Stream.concat(Stream.of(line), Stream.of(error.getStackTrace()))
                        .toArray(StackTraceElement[]::new)));
        return error;
    }

    private static String listed(List<Breach> breaches) {
        return String.join(
                "\n",
                IntStream.range(0, breaches.size())
                        .mapToObj(i -> "  %s. %s".formatted(i + 1, breaches.get(i)))
                        .toList());
    }
}
