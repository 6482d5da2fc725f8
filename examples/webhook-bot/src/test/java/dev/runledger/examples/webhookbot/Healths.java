package dev.runledger.examples.webhookbot;

import dev.runledger.operations.Operations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What operations may say of themselves. */
final class Healths {
    private Healths() {}

    static Operations.Health up() {
        return with(List.of());
    }

    static Operations.Health with(List<String> problems) {
        return new Operations.Health(
                true, problems.isEmpty(), 1, Duration.ZERO, Optional.empty(), problems, List.of("one warning"));
    }
}
