/** The life of workflow runs: {@link dev.runledger.Ledger} and {@link dev.runledger.WorkflowRunEvents} are the ways in. */
module dev.runledger.core {
    requires transitive org.slf4j;
    requires static transitive org.jspecify;
    requires static com.fasterxml.jackson.core;
    requires static com.fasterxml.jackson.databind;

    exports dev.runledger;
    exports dev.runledger.context;
    exports dev.runledger.event;
    exports dev.runledger.failure;
    exports dev.runledger.history;
    exports dev.runledger.redact;
    exports dev.runledger.run;
    exports dev.runledger.sink;
    exports dev.runledger.state;
    exports dev.runledger.store;
}
