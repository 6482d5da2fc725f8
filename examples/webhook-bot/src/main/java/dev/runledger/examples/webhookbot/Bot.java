package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.history.RunQuery;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Target;
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Takes deliveries in, dispatches runs, and executes them. Every change of a run goes through the ledger, and nothing else does. */
final class Bot {
    static final String QUEUE = "webhooks";
    static final String NOT_ENQUEUED = "not_enqueued";

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Ledger ledger;
    private final Workers workers;
    private final Signatures signatures;
    private final int maxBytes;

    Bot(Ledger ledger, Workers workers, Options options) {
        this.ledger = ledger;
        this.workers = workers;
        workers.onRun(this::execute);
        this.signatures = new Signatures(options.secret());
        this.maxBytes = options.capacity().maxBytes();
    }

    Workers workers() {
        return workers;
    }

    // ---- deliveries

    /** Takes a delivery in. Never throws over what is in it. */
    Receipt accept(Delivery delivery) {
        if (delivery.body().getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            return Receipt.rejected("too_large", "the payload is over " + maxBytes + " bytes");
        }
        if (delivery.signed() && !signatures.isRight(delivery)) {
            return Receipt.rejected("bad_signature", "the signature is missing or wrong");
        }
        try {
            JsonNode payload = JSON.readTree(delivery.body());
            if (!payload.isObject()) {
                return Receipt.rejected("not_json", "the payload is not a JSON object");
            }
            WorkflowRequest request = Triggers.read(delivery.event(), payload);
            return switch (request.workflow()) {
                case WorkflowRequest.APPROVE -> approve(request, delivery);
                case WorkflowRequest.CANCEL -> cancel(request);
                default -> dispatch(request, delivery);
            };
        } catch (JsonProcessingException broken) {
            return Receipt.rejected("not_json", "the payload is not JSON");
        } catch (Triggers.Ignored nothing) {
            return Receipt.ignored(nothing.code(), nothing.getMessage());
        } catch (IllegalArgumentException lacking) { // a missing field, or a name that no run can have
            return Receipt.rejected("missing_field", lacking.getMessage());
        } catch (StoreException notStored) { // whoever sends it again gets duplicate_delivery if it was stored
            return Receipt.failed("not_stored", notStored.getMessage());
        }
    }

    private Receipt dispatch(WorkflowRequest request, Delivery delivery) {
        Trigger trigger = Trigger.of(request.trigger())
                .deliveryId(delivery.deliveryId())
                .actor(request.actor())
                .payload(Payload.json(delivery.body()));
        NewRun run = NewRun.of(request.workflow())
                .project(request.project())
                .target(request.target())
                .trigger(trigger)
                .taskQueue(QUEUE)
                .oncePerDelivery(true);
        Dispatch dispatch = ledger.dispatch(run); // which hands the run to the queue
        if (dispatch instanceof Dispatch.Refused refused) {
            return new Receipt(Receipt.Kind.REFUSED, refused.code().code(), refused.reason());
        }
        if (dispatch instanceof Dispatch.EnqueueFailed failed) {
            return Receipt.dispatched(
                    NOT_ENQUEUED,
                    "run %s failed: no room".formatted(failed.run().id()));
        }
        WorkflowRun made = dispatch.orElseThrow();
        return Receipt.dispatched("run", "%s run %s".formatted(made.workflowName(), made.id()));
    }

    private Receipt approve(WorkflowRequest request, Delivery delivery) {
        Optional<WorkflowRun> waiting =
                ledger.history().waitingFor(request.project(), Workflows.approvalKey(request.target()));
        if (waiting.isEmpty()) {
            return Receipt.ignored("nothing_waits", "no run waits for an approval of " + request.target());
        }
        RunId id = waiting.get().id();
        Optional<String> requester = waiting.get().request().trigger().flatMap(Trigger::actor);
        if (requester.filter(request.actor()::equals).isPresent()) {
            return Receipt.ignored("own_request", request.actor() + " asked for run " + id + " and cannot approve it");
        }
        Resumption approved = Resumption.of("approved", request.actor());
        CallOptions once = CallOptions.idempotencyKey("approve-" + delivery.deliveryId());
        ledger.resume(id, approved, once); // which hands the run to the queue again
        return Receipt.dispatched("approval", "run " + id + " goes on");
    }

    /** Cancels the innermost run on the target; the operations end what it was a child of. */
    private Receipt cancel(WorkflowRequest request) {
        RunQuery onTarget = RunQuery.builder()
                .target(Target.of(request.target()))
                .states(RunState.QUEUED, RunState.RUNNING, RunState.SUSPENDED)
                .limit(1)
                .build();
        Optional<WorkflowRun> inFlight =
                ledger.history().page(onTarget).runs().stream().findFirst();
        if (inFlight.isEmpty()) {
            return Receipt.ignored("nothing_in_flight", "no run is in flight on " + request.target());
        }
        ledger.cancel(inFlight.get().id(), "cancelled by " + request.actor());
        return Receipt.dispatched("cancellation", "run " + inFlight.get().id() + " is cancelled");
    }

    // ---- runs

    private void execute(RunId id, String thread) {
        String worker = ledger.instance() + "/" + thread; // another bot on the same database has a worker-1 too
        try {
            ledger.execute(id, worker, scope -> {
                RunOutcome outcome = Workflows.run(scope, payloadOf(scope.run()));
                return outcome instanceof RunOutcome.Succeeded ? withNext(scope.run(), outcome) : outcome;
            });
        } catch (StoreException notStored) { // the database is away: the operations find the run when it is back
            System.err.printf("run %s: %s%n", id, notStored.getMessage());
        } catch (RuntimeException thrown) { // by the handler: the ledger has failed the run and emitted its event
            System.err.printf("run %s: %s%n", id, thrown);
        }
    }

    private JsonNode payloadOf(WorkflowRun run) {
        String body = run.request()
                .trigger()
                .flatMap(Trigger::payload)
                .flatMap(ledger::payload)
                .orElse("{}");
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException impossible) { // it was read when it came in
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Hands a ship off to its implement before its plan ends. So a ship always has a child in flight until all is done, at whatever moment
     * the process dies, and the operations can end it with its children.
     */
    private RunOutcome withNext(WorkflowRun plan, RunOutcome succeeded) {
        Optional<RunId> parent = plan.request().parentRunId();
        if (!plan.workflowName().equals("plan") || parent.isEmpty() || hasImplement(parent.get())) {
            return succeeded;
        }
        WorkflowRun ship = ledger.history().run(parent.get()).orElseThrow();
        NewRun implement =
                Workflows.child(ship, "implement").context(ship.request().context());
        return ledger.handOff(ship.id(), implement).isApplied()
                ? succeeded
                : RunOutcome.incomplete("its implement was refused");
    }

    /** A plan that begins again, because its process died, may have handed over before. */
    private boolean hasImplement(RunId ship) {
        return ledger.history().children(ship).stream()
                .anyMatch(child -> child.workflowName().equals("implement"));
    }
}
