package dev.runledger;

import dev.runledger.run.Dispatch;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Counts what the calls on a ledger came to. */
final class CallCounters {
    private final Map<String, Map<CallResult, LongAdder>> calls = new ConcurrentHashMap<>();

    /** Makes a call on the store, and counts it as an error where it throws. */
    <T> T counted(String call, Supplier<T> onStore) {
        try {
            return onStore.get();
        } catch (RuntimeException | Error notStored) {
            count(call, CallResult.ERROR);
            throw notStored;
        }
    }

    void count(String call, CallResult result) {
        Map<CallResult, LongAdder> results = calls.get(call);
        if (results == null) {
            Map<CallResult, LongAdder> fresh = new EnumMap<>(CallResult.class);
            for (CallResult each : CallResult.values()) {
                fresh.put(each, new LongAdder());
            }
            results = calls.computeIfAbsent(call, name -> fresh);
        }
        LongAdder counter = results.get(result);
        if (counter != null) {
            counter.increment();
        }
    }

    void count(String call, Dispatch dispatch) {
        if (dispatch instanceof Dispatch.AlreadyQueued) {
            count(call, CallResult.ALREADY);
        } else if (dispatch instanceof Dispatch.Refused) {
            count(call, CallResult.REJECTED);
        } else {
            count(call, CallResult.APPLIED);
        }
    }

    void count(String call, Transition transition) {
        if (transition instanceof Transition.Applied) {
            count(call, CallResult.APPLIED);
        } else if (transition instanceof Transition.AlreadyApplied) {
            count(call, CallResult.ALREADY);
        } else {
            count(call, transition instanceof Transition.Rejected ? CallResult.REJECTED : CallResult.NOT_FOUND);
        }
    }

    void count(String call, TaskTransition transition) {
        if (transition instanceof TaskTransition.Applied) {
            count(call, CallResult.APPLIED);
        } else if (transition instanceof TaskTransition.AlreadyApplied) {
            count(call, CallResult.ALREADY);
        } else {
            count(call, transition instanceof TaskTransition.Rejected ? CallResult.REJECTED : CallResult.NOT_FOUND);
        }
    }

    /** The counts that are not zero, by call and result. */
    Map<String, Map<CallResult, Long>> counts() {
        Map<String, Map<CallResult, Long>> counts = new TreeMap<>();
        calls.forEach((call, results) -> {
            Map<CallResult, Long> made = new EnumMap<>(CallResult.class);
            results.forEach((result, count) -> {
                if (count.sum() > 0) {
                    made.put(result, count.sum());
                }
            });
            counts.put(call, made);
        });
        return counts;
    }
}
