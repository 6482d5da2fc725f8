package dev.runledger;

import dev.runledger.history.RunQuery;
import dev.runledger.redact.Sanitizer;
import dev.runledger.run.Target;

/** Returns targets, delivery ids and correlation keys as they are stored: those that show a secret masked, and yet all different. */
record Identities(Sanitizer sanitizer) {
    Target of(Target target) {
        return Target.of(sanitizer.identity(target.value(), 512));
    }

    String deliveryId(String deliveryId) {
        return sanitizer.identity(deliveryId, 256);
    }

    String correlationKey(String correlationKey) {
        return sanitizer.identity(correlationKey, 256);
    }

    /** Returns the query that finds what was asked for by the text that a caller has. */
    RunQuery of(RunQuery query) {
        RunQuery.Builder prepared = query.toBuilder();
        query.target().ifPresent(target -> prepared.target(of(target)));
        query.deliveryId().ifPresent(deliveryId -> prepared.deliveryId(deliveryId(deliveryId)));
        return prepared.build();
    }
}
