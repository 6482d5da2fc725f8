package dev.runledger;

import dev.runledger.run.CallOutcome.Result;
import dev.runledger.store.StoreCommand.Call;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts what the calls on a ledger came to. */
final class CallCounters {
    private final Map<Call, AtomicLongArray> counts = new EnumMap<>(Call.class);

    CallCounters() {
        for (Call call : Call.values()) {
            counts.put(call, new AtomicLongArray(Result.values().length));
        }
    }

    @SuppressWarnings("EnumOrdinal") // a place in an array that lives no longer than this object
    void count(Call call, Result result) {
        AtomicLongArray results = counts.get(call);
        if (results != null) {
            results.incrementAndGet(result.ordinal());
        }
    }

    /** Returns the counts that are not zero, by call and result. */
    @SuppressWarnings("EnumOrdinal")
    Map<Call, Map<Result, Long>> counts() {
        Map<Call, Map<Result, Long>> found = new EnumMap<>(Call.class);
        counts.forEach((call, results) -> {
            Map<Result, Long> made = new EnumMap<>(Result.class);
            for (Result result : Result.values()) {
                long count = results.get(result.ordinal());
                if (count > 0) {
                    made.put(result, count);
                }
            }
            if (!made.isEmpty()) {
                found.put(call, Collections.unmodifiableMap(made));
            }
        });
        return found;
    }
}
