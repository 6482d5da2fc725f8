package dev.runledger;

import dev.runledger.failure.Failure;
import dev.runledger.redact.Sanitizer;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes what a caller hands in fit to be stored: with its context, redacted, and with its payloads kept. */
record Preparation(EventPipeline pipeline, Payloads payloads, Identities identities, String instance) {
    /**
     * Returns the command as a store takes it.
     *
     * @throws IllegalArgumentException if a name that code sets shows a secret, or another value does not fit; the message names it
     */
    StoreCommand<?> of(StoreCommand<?> command) {
        Head head = head(command.head());
        if (command instanceof StoreCommand.DispatchRun dispatch) {
            return new StoreCommand.DispatchRun(run(dispatch.run()), head);
        }
        if (command instanceof StoreCommand.ClaimRun claim) {
            worker(claim.worker());
            return new StoreCommand.ClaimRun(claim.runId(), claim.worker(), head.instance(instance));
        }
        if (command instanceof StoreCommand.ImportRun imported) {
            return imported(imported, head);
        }
        if (command instanceof RunChange change) {
            RunChange prepared = change(change, true);
            head = change instanceof RunChange.Start ? head.instance(instance) : head;
            return head == command.head() ? prepared : prepared.with(head);
        }
        if (command instanceof TaskChange change) {
            TaskChange prepared = change(change);
            return head == command.head() ? prepared : prepared.with(head);
        }
        return command;
    }

    private Head head(Head head) {
        head.idempotencyKey().ifPresent(key -> identifier("idempotencyKey", key, 200));
        if (head.actor().isPresent()) {
            head = head.actor(sanitizer().name(head.actor().get()));
        }
        return head.customFields().isEmpty()
                ? head
                : head.customFields(head.customFields().asCustom(sanitizer()));
    }

    /** Returns the change; one that is imported captures no context here. */
    private RunChange change(RunChange change, boolean capture) {
        RunId id = change.runId();
        Head head = change.head();
        if (change instanceof RunChange.Start start) {
            worker(start.worker());
            return start;
        }
        if (change instanceof RunChange.Suspend suspend) {
            return new RunChange.Suspend(id, wait(suspend.newWait(), capture), head);
        }
        if (change instanceof RunChange.Resume resume) {
            return new RunChange.Resume(id, resumption(resume.resumption(), capture), head);
        }
        if (change instanceof RunChange.HandOff handOff) {
            return new RunChange.HandOff(id, run(handOff.child(), capture), head);
        }
        if (change instanceof RunChange.Requeue requeue) {
            return new RunChange.Requeue(id, sanitizer().reason(requeue.reason()), head);
        }
        if (change instanceof RunChange.Incomplete incomplete) {
            return new RunChange.Incomplete(id, sanitizer().reason(incomplete.reason()), head);
        }
        if (change instanceof RunChange.Cancel cancel) {
            return new RunChange.Cancel(id, sanitizer().reason(cancel.reason()), head);
        }
        if (change instanceof RunChange.Fail fail) {
            return new RunChange.Fail(id, failure(fail.failure()), head);
        }
        if (change instanceof RunChange.EnqueueFailed failed) {
            return new RunChange.EnqueueFailed(id, failure(failed.failure()), head);
        }
        return change;
    }

    private TaskChange change(TaskChange change) {
        Head head = change.head();
        if (change instanceof TaskChange.Start start) {
            return new TaskChange.Start(start.runId(), task(start.request(), start.runId()), head);
        }
        if (change instanceof TaskChange.Skip skip) {
            NewTask request = task(skip.request(), skip.runId());
            return new TaskChange.Skip(skip.runId(), request, sanitizer().reason(skip.reason()), head);
        }
        if (change instanceof TaskChange.Succeed succeed) {
            return new TaskChange.Succeed(succeed.taskId(), result(succeed.result()), head);
        }
        if (change instanceof TaskChange.Fail fail) {
            TaskRun.Result result = withStatus(result(fail.result()), fail.failure());
            return new TaskChange.Fail(fail.taskId(), failure(fail.failure()), result, head);
        }
        return change;
    }

    // ---- runs

    /** Returns the run with its context and its texts redacted, and as it can be found again: no two that differ become one. */
    NewRun run(NewRun run) {
        return run(run, true);
    }

    private NewRun run(NewRun run, boolean capture) {
        NewRun prepared = redacted(run);
        if (run.input().isPresent()) {
            prepared = prepared.input(payloads.keepInput(run.input().get()));
        }
        return prepared.context(context(run.context(), capture));
    }

    private NewRun redacted(NewRun run) {
        if (run.oncePerDelivery() && run.deliveryId().isEmpty()) {
            throw new IllegalArgumentException("oncePerDelivery needs a deliveryId: expected a trigger that has one");
        }
        name("workflowName", run.workflowName());
        name("project", run.project());
        name("workflowVersion", run.workflowVersion().orElse(null));
        name("taskQueue", run.taskQueue().orElse(null));
        NewRun prepared =
                run.target().map(target -> run.target(identities.of(target))).orElse(run);
        return run.trigger().isPresent()
                ? prepared.trigger(trigger(run.trigger().get()))
                : prepared;
    }

    private Trigger trigger(Trigger trigger) {
        Trigger prepared = Trigger.of(sanitizer().name(trigger.name()));
        if (trigger.deliveryId().isPresent()) {
            prepared = prepared.deliveryId(
                    identities.deliveryId(trigger.deliveryId().get()));
        }
        if (trigger.actor().isPresent()) {
            prepared = prepared.actor(sanitizer().name(trigger.actor().get()));
        }
        if (trigger.details().isPresent()) {
            prepared = prepared.details(payloads.keep(trigger.details().get()));
        }
        return trigger.payload().isPresent()
                ? prepared.payload(payloads.keep(trigger.payload().get()))
                : prepared;
    }

    private StoreCommand.ImportRun imported(StoreCommand.ImportRun command, Head head) {
        List<RunImport.Change> changes = command.changes().stream()
                .map(change -> new RunImport.Change(imported(change.command()), change.at()))
                .toList();
        return new StoreCommand.ImportRun(run(command.run(), false), command.queuedAt(), changes, head);
    }

    private StoreCommand<?> imported(StoreCommand<?> command) {
        Head head = head(command.head());
        if (command instanceof RunChange change) {
            return change(change, false).with(head);
        }
        return command instanceof TaskChange change ? change(change).with(head) : command;
    }

    private Wait wait(Wait wait, boolean capture) {
        return redacted(wait).context(context(wait.context(), capture));
    }

    private Wait redacted(Wait wait) {
        Wait prepared = wait.reason(sanitizer().reason(wait.reason()));
        return wait.correlationKey()
                .map(key -> prepared.correlationKey(identities.correlationKey(key)))
                .orElse(prepared);
    }

    private Resumption resumption(Resumption resumption, boolean capture) {
        Resumption prepared = resumption.context(context(resumption.context(), capture));
        if (resumption.decision().isPresent()) {
            prepared = prepared.decision(sanitizer().name(resumption.decision().get()));
        }
        if (resumption.actor().isPresent()) {
            prepared = prepared.actor(sanitizer().name(resumption.actor().get()));
        }
        if (resumption.correlationKey().isPresent()) {
            prepared = prepared.correlationKey(
                    identities.correlationKey(resumption.correlationKey().get()));
        }
        return resumption.payload().isPresent()
                ? prepared.payload(payloads.keep(resumption.payload().get()))
                : prepared;
    }

    /** Returns the result with the HTTP status of the error, unless the caller said one. */
    private static TaskRun.Result withStatus(TaskRun.Result result, Failure failure) {
        return result.statusCode().isPresent()
                ? result
                : failure.cause()
                        .flatMap(Failure::statusCodeOf)
                        .map(result::statusCode)
                        .orElse(result);
    }

    /** Returns the failure with its category decided and its texts redacted and cut. */
    private Failure failure(Failure failure) {
        Failure.Builder prepared = failure.toBuilder().reason(sanitizer().reason(failure.reason()));
        Throwable cause = failure.cause().orElse(null);
        Sanitizer.ErrorText text = cause != null
                ? sanitizer().describe(cause)
                : sanitizer()
                        .describe(
                                failure.errorClass().orElse(null),
                                failure.errorMessage().orElse(null),
                                failure.errorStack().orElse(null));
        if (cause != null && failure.category() == Failure.Category.UNKNOWN) {
            prepared.category(pipeline.categoryOf(cause));
        }
        return prepared.error(text.errorClass(), text.errorMessage(), text.errorStack())
                .build();
    }

    // ---- tasks

    /** Returns the task, whose names code sets, as a run's. What it may do is kept and emitted masked. */
    private NewTask task(NewTask task, RunId runId) {
        TaskId id = task.id().orElseThrow();
        if (id.value().equals(runId.value())) {
            throw new IllegalArgumentException("taskId is '%s', expected another than the run's".formatted(runId));
        }
        name("taskName", task.name());
        name("verb", task.verb());
        name("instrument", task.instrument());
        NewTask prepared = task.permissions().isEmpty()
                ? task
                : task.permissions(
                        task.permissions().stream().map(sanitizer()::name).collect(Collectors.toSet()));
        return task.input().isPresent()
                ? prepared.input(payloads.keep(task.input().get()))
                : prepared;
    }

    private TaskRun.Result result(TaskRun.Result result) {
        return result.output().isPresent()
                ? result.output(payloads.keep(result.output().get()))
                : result;
    }

    // ---- parts

    /** Returns what the caller gave, else what the carriers capture: from anywhere, so redacted like custom fields. */
    private Map<String, String> context(Map<String, String> given, boolean capture) {
        Map<String, String> found =
                given.isEmpty() && capture ? pipeline.surroundings().capture() : given;
        if (found.isEmpty()) {
            return Map.of();
        }
        Map<String, String> context = new HashMap<>(found);
        context.replaceAll(sanitizer()::carried);
        return context;
    }

    private void name(String what, @Nullable String name) {
        if (name != null && !sanitizer().isPlain(name)) {
            throw new IllegalArgumentException(
                    "%s is '%s', expected printable characters that show no secret: it has %s"
                            .formatted(what, sanitizer().id(name), sanitizer().rule(name)));
        }
    }

    private void worker(String worker) {
        identifier("worker", worker, 128);
    }

    /** What identifies is kept as it is, so it must not be what would be cleaned or masked. */
    private void identifier(String what, String id, int max) {
        boolean plain = sanitizer().isPlain(id);
        if (id.isBlank() || id.length() > max || !plain) {
            throw new IllegalArgumentException(
                    "%s is '%.64s', expected 1 to %s characters on one line that are not all blank and show no secret%s"
                            .formatted(
                                    what,
                                    sanitizer().name(id),
                                    max,
                                    plain ? "" : ": it has " + sanitizer().rule(id)));
        }
    }

    private Sanitizer sanitizer() {
        return pipeline.sanitizer();
    }
}
