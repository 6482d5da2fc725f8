package dev.runledger.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Leases and heartbeats in memory. Guarded by the lock of its store. */
final class MemoryLeases implements LeaseStore {
    private record Lease(String holder, Instant until) {}

    private final Supplier<Instant> now;
    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<String, Instant> instances = new HashMap<>(); // until when each may be silent

    MemoryLeases(Supplier<Instant> now) {
        this.now = now;
    }

    @Override
    public boolean lease(String job, String holder, Duration time) {
        Lease standing = leases.get(Objects.requireNonNull(job, "job"));
        if (standing != null
                && !standing.holder().equals(holder)
                && standing.until().isAfter(now.get())) {
            return false;
        }
        leases.put(job, new Lease(holder, now.get().plus(time)));
        return true;
    }

    @Override
    public void release(String job, String holder) {
        @Nullable Lease standing = leases.get(job);
        if (standing != null && standing.holder().equals(holder)) {
            leases.remove(job);
        }
    }

    @Override
    public boolean heartbeat(String instance, Duration time) {
        return instances.put(
                        Objects.requireNonNull(instance, "instance"), now.get().plus(time))
                != null;
    }

    @Override
    public List<String> lostInstances() {
        return instances.entrySet().stream()
                .filter(instance -> isLost(instance.getValue()))
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isLost(Instant until) {
        return until.isBefore(now.get());
    }

    @Override
    public void removeInstance(String instance) {
        instances.remove(instance);
    }

    @Override
    public int instances() {
        return (int) instances.values().stream().filter(until -> !isLost(until)).count();
    }
}
