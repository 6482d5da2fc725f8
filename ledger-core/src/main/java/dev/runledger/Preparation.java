package dev.runledger;

import dev.runledger.event.EventContract;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;

/** Makes what a host hands in fit to be stored: with an id, redacted, and with its payloads kept. */
record Preparation(EventContract contract, Payloads payloads) {
    NewRun of(NewRun run, String newId, Carriers carriers) {
        NewRun.Builder prepared = run.toBuilder();
        if (run.id() == null) {
            prepared.id(RunId.of(newId));
        }
        if (run.target() != null) {
            String target = run.target().value();
            String redacted = contract.name(target);
            if (!redacted.equals(target)) {
                prepared.target(Target.of(redacted));
            }
        }
        if (run.trigger() != null) {
            prepared.trigger(of(run.trigger()));
        }
        if (run.context().isEmpty()) {
            prepared.context(carriers.capture());
        }
        return prepared.build();
    }

    private Trigger of(Trigger trigger) {
        return new Trigger(
                contract.name(trigger.name()),
                trigger.deliveryId() == null ? null : contract.name(trigger.deliveryId()),
                trigger.actor() == null ? null : contract.name(trigger.actor()),
                trigger.details() == null ? null : payloads.keep(trigger.details()),
                trigger.payload() == null ? null : payloads.keep(trigger.payload()));
    }

    Wait of(Wait wait) {
        return wait.reason(contract.reason(wait.reason()));
    }

    Resumption of(Resumption resumption) {
        return new Resumption(
                resumption.decision() == null ? null : contract.name(resumption.decision()),
                resumption.actor() == null ? null : contract.name(resumption.actor()),
                resumption.payload() == null ? null : payloads.keep(resumption.payload()),
                resumption.correlationKey());
    }
}
