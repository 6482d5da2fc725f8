package dev.runledger.examples.extending;

import dev.runledger.store.RunStore;
import dev.runledger.testkit.RunHistoryContract;
import java.time.InstantSource;

class MapRunHistoryTest extends RunHistoryContract {
    @Override
    protected RunStore newStore() {
        return new MapRunStore(InstantSource.system());
    }
}
