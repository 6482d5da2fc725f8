package dev.runledger;

import dev.runledger.event.EventContract;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes what a host hands in fit to be stored: with an id, with its context, redacted, and with its payloads kept. */
record Preparation(EventContract contract, Payloads payloads, Carriers carriers) {
    private static final Carriers NO_CARRIERS = new Carriers(List.of());

    /** For what happened elsewhere, and has no context here. */
    static Preparation withoutContext(EventContract contract, Payloads payloads) {
        return new Preparation(contract, payloads, NO_CARRIERS);
    }

    /**
     * The run with its texts redacted. Its names are how a host finds it again and what its metrics are told apart by, so none is changed.
     *
     * @throws IllegalArgumentException if a name shows a secret
     */
    NewRun of(NewRun run, String newId) {
        requireNoSecret("workflowName", run.workflowName());
        requireNoSecret("project", run.project());
        requireNoSecret("workflowVersion", run.workflowVersion());
        requireNoSecret("taskQueue", run.taskQueue());
        NewRun.Builder prepared = run.toBuilder();
        if (run.id() == null) {
            prepared.id(RunId.of(newId));
        }
        if (run.target() != null) {
            String target = run.target().value();
            String redacted = contract.id(target);
            if (!redacted.equals(target)) {
                prepared.target(Target.of(redacted));
            }
        }
        if (run.trigger() != null) {
            prepared.trigger(of(run.trigger()));
        }
        prepared.context(context(run.context()));
        return prepared.build();
    }

    /** A run that ended elsewhere, with nothing in it that looks like a secret. */
    WorkflowRun of(WorkflowRun finished) {
        return new WorkflowRun(
                of(finished.request(), finished.id().value()),
                finished.state(),
                finished.seq(),
                finished.times(),
                finished.owner(),
                finished.handedOff(),
                finished.latestWait() == null ? null : of(finished.latestWait()),
                finished.resumption() == null ? null : of(finished.resumption()),
                finished.reason() == null ? null : contract.reason(finished.reason()),
                finished.failure() == null
                        ? null
                        : contract.failure(finished.failure()).withoutError());
    }

    private Trigger of(Trigger trigger) {
        return new Trigger(
                contract.name(trigger.name()),
                trigger.deliveryId() == null ? null : contract.id(trigger.deliveryId()),
                trigger.actor() == null ? null : contract.name(trigger.actor()),
                trigger.details() == null ? null : payloads.keep(trigger.details()),
                trigger.payload() == null ? null : payloads.keep(trigger.payload()));
    }

    /** A task, whose names are those of the code: as a run's. What it may do is told masked and kept so. */
    NewTask of(NewTask task) {
        requireNoSecret("taskName", task.name());
        requireNoSecret("verb", task.verb());
        requireNoSecret("instrument", task.instrument());
        NewTask prepared =
                task.permissions(task.permissions().stream().map(contract::name).collect(Collectors.toSet()));
        return task.input() == null ? prepared : prepared.input(payloads.keep(task.input()));
    }

    /** A wait. A callback says the key that it was given, so it is kept as it is or not at all. */
    Wait of(Wait wait) {
        requireNoSecret("correlationKey", wait.correlationKey());
        return wait.reason(contract.reason(wait.reason())).context(context(wait.context()));
    }

    Resumption of(Resumption resumption) {
        return new Resumption(
                resumption.decision() == null ? null : contract.name(resumption.decision()),
                resumption.actor() == null ? null : contract.name(resumption.actor()),
                resumption.payload() == null ? null : payloads.keep(resumption.payload()),
                resumption.correlationKey(),
                context(resumption.context()));
    }

    /** What the carriers captured, unless the host has said it itself: from who knows where, so redacted like a host's own fields. */
    private Map<String, String> context(Map<String, String> given) {
        Map<String, String> context = new HashMap<>(given.isEmpty() ? carriers.capture() : given);
        context.replaceAll(contract::carried);
        return context;
    }

    private void requireNoSecret(String what, @Nullable String name) {
        if (name != null && !contract.isPlain(name)) {
            throw new IllegalArgumentException(
                    "%s is '%s', expected printable characters that show no secret; where it is none, Redactor.Builder.openName says so"
                            .formatted(what, contract.id(name)));
        }
    }
}
