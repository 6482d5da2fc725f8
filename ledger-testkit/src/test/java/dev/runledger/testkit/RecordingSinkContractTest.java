package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;

class RecordingSinkContractTest extends EventSinkContract {
    @Override
    protected TestedSink newSink() {
        RecordingSink sink = new RecordingSink();
        return TestedSink.withFields(
                sink, () -> sink.events().stream().map(LedgerEvent::fields).toList());
    }
}
