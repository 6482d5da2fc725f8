package com.example.modules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.operations.Operations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModulePathTest {
    @TempDir
    private Path folder;

    @Test
    void theStoreAndEveryAdapterWorkOnTheModulePath() {
        assertThat(Service.class.getModule().getName()).isEqualTo("com.example.modules");
        assertThat(Ledger.class.getModule().getDescriptor().isAutomatic()).isFalse();
        assertThat(JdbiRunStore.class.getModule().getName()).isEqualTo("dev.runledger.jdbi");
        assertThat(Operations.class.getModule().getName()).isEqualTo("dev.runledger.operations");
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        assertThat(Service.run(folder.resolve("runs.db"), registry).state().name())
                .isEqualTo("SUCCEEDED");
        assertThat(registry.find("workflow.run.events").counters()).isNotEmpty();
    }
}
