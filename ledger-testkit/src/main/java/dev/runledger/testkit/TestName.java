package dev.runledger.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes what the ids of a test begin with: its method, for people, and a part that is its own, for stores that tests share. */
final class TestName {
    private static final int LONGEST = 60;

    private TestName() {}

    static String of(ExtensionContext context) {
        String method = context.getRequiredTestMethod().getName().replaceAll("[^A-Za-z0-9]", "_");
        String own = Integer.toHexString(context.getUniqueId().hashCode());
        return method.substring(0, Math.min(LONGEST, method.length())) + "-" + own;
    }
}
