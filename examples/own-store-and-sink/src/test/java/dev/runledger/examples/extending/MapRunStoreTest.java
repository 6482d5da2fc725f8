package dev.runledger.examples.extending;

import dev.runledger.store.RunStore;
import dev.runledger.testkit.RunStoreContract;
import java.time.InstantSource;

// snippet
class MapRunStoreTest extends RunStoreContract {
    @Override
    protected RunStore newStore() {
        return new MapRunStore(InstantSource.system());
    }
}
// end
