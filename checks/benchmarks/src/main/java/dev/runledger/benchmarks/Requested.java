package dev.runledger.benchmarks;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What a caller requests: the same kind of values for every peer, with a target and a delivery that no other run has. */
record Requested(String workflow, String target, String deliveryId) {
    private static final int WORKFLOWS = 50;

    static Requested next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int workflow = random.nextInt(WORKFLOWS);
        String unique = new UUID(random.nextLong(), random.nextLong()).toString();
        return new Requested("nightly-export-" + workflow, "acme/app#" + unique, "delivery-" + unique);
    }
}
