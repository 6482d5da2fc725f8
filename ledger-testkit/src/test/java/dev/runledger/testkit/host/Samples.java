package dev.runledger.testkit.host;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Classes of a host that keep the rules, and classes that break one each. */
public final class Samples {
    private static final Logger LOG = LoggerFactory.getLogger("host");

    private Samples() {}

    /** Does everything in the way that is meant. */
    public static final class Obedient {
        private final Ledger ledger;
        private final WorkflowRunEvents events;
        private final RunStore store;

        public Obedient(Ledger ledger, WorkflowRunEvents events, RunStore store) {
            this.ledger = ledger;
            this.events = events;
            this.store = store;
        }

        public void work() {
            RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            ledger.start(id, "w1").orElseThrow();
            events.log(WorkflowRunEvent.AWAITED, EventFields.of().runId(id));
            store.history().page(RunQuery.all());
            LOG.info("run {} started, emitted as {}", id, WorkflowRunEvent.RUNNING.eventName());
            LOG.info("Class.forName(\"com.acme.workflow.run.Job\") and the workflow.runner");
            LOG.info("SELECT state FROM ledger_run WHERE run_id = ? FOR UPDATE; UPDATE ledger_runner SET a = 1");
            LOG.info("INSERT INTO report SELECT * FROM ledger_event -- UPDATE ledger_run");
        }
    }

    /** Has the name of an event in the message of a line. */
    public static final class LogsAnEventByName {
        public void work(String id) {
            LOG.info("workflow.run.succeeded {}", id);
        }
    }

    /** Has the name of an event as the value of a field. */
    public static final class PutsAnEventOnALine {
        public void work() {
            LOG.atInfo().addKeyValue("event", "workflow.task.retrying").log("a line");
        }
    }

    /** Holds names for others. */
    public static final class Names {
        public static final String FAILED = "workflow.run.failed";
    }

    /** Uses a constant of another class, which the compiler copies. */
    public static final class UsesAConstant {
        public void work() {
            LOG.info(Names.FAILED);
        }
    }

    /** Makes a name of two parts. */
    public static final class Concatenates {
        public void work(String what) {
            LOG.info("workflow.run." + what);
        }
    }

    /** Makes up an event. */
    public static final class Invents {
        public void work() {
            LOG.info("workflow.run.exploded");
        }
    }

    /** Says it in an annotation. */
    public static final class Annotated {
        @Said("workflow.run.queued")
        public void work() {}
    }

    /** Looks up a meter, whose name begins like an event's. */
    public static final class ReadsAMeter {
        public String name() {
            return "workflow.run.duration";
        }
    }

    /** Text on a method. */
    @Retention(RetentionPolicy.CLASS)
    public @interface Said {
        String value();
    }

    /** Goes past the ledger. */
    public static final class CallsAStore {
        public void work(RunStore store, RunId id) {
            store.apply(new RunChange.Succeed(id, StoreCommand.Head.of()));
        }
    }

    /** Goes past the ledger by a reference, inside a nested class. */
    public static final class RefersToAStore {
        public Supplier<Function<StoreCommand<Transition>, Transition>> changes(RunStore store) {
            return new Supplier<>() {
                @Override
                public Function<StoreCommand<Transition>, Transition> get() {
                    return store::apply;
                }
            };
        }
    }

    /** Goes past the ledger and past the store. */
    public static final class CallsAHandler {
        public Transition work(StoreCommand.Handler handler, RunId id) {
            return new RunChange.Succeed(id, StoreCommand.Head.of()).on(handler);
        }
    }

    /** A store that asks another. */
    public static final class CountingStore implements RunStore {
        private final RunStore store;
        private final Counter counter = new Counter();

        public CountingStore(RunStore store) {
            this.store = store;
        }

        private final class Counter {
            private final LongAdder commands = new LongAdder();

            <O extends CallOutcome> O count(StoreCommand<O> command) {
                commands.increment();
                return store.apply(command);
            }
        }

        @Override
        public <O extends CallOutcome> O apply(StoreCommand<O> command) {
            return counter.count(command);
        }

        @Override
        public byte[] identityKey() {
            return store.identityKey();
        }

        @Override
        public RunHistory history() {
            return store.history();
        }
    }

    /** Ends a run by hand. */
    public static final class UpdatesATable {
        public String sql() {
            return """
                    UPDATE
                        "public"."ledger_run" SET state = 'FAILED'
                    WHERE run_id = ?""";
        }
    }

    /** Puts an event into the history. */
    public static final class InsertsIntoATable {
        public String sql(String columns) {
            return "insert /* quickly */ into ledger_event (" + columns + ") values (?)";
        }
    }

    /** Gives the digests of identities another key. */
    public static final class ReplacesTheIdentityKey {
        public String sql() {
            return "UPDATE ledger_identity_key SET hex = ?";
        }
    }

    /** Deletes what is old in an annotation. */
    public static final class DeletesFromATable {
        @Said("WITH old AS (SELECT 1) DELETE FROM ledger_task USING old")
        public void work() {}
    }

    /** Writes the tables of a host that gave them a prefix. */
    public static final class WritesATableWithAPrefix {
        public String sql() {
            return "TRUNCATE bot_run";
        }
    }
}
