package dev.runledger.kit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Holds a build to the JUnit that it says it runs on. */
class JUnitVersionTest {
    @Test
    void itIsTheOneThatTheModuleNames() {
        assertThat(Test.class.getPackage().getImplementationVersion()).isEqualTo(System.getProperty("ledger.junit"));
    }
}
