package dev.runledger.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.state.RunState;
import dev.runledger.store.RetentionStore.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetentionRuleTest {
    @Test
    void aRuleIsForTerminalStates() {
        for (Set<RunState> wrong : List.of(Set.<RunState>of(), Set.of(RunState.FAILED, RunState.QUEUED))) {
            assertThatThrownBy(() -> new Rule(Optional.empty(), Set.of(), wrong, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected one or more of SUCCEEDED, INCOMPLETE, FAILED, CANCELLED");
        }
    }

    @Test
    void anAgeIsNotNegative() {
        assertThatThrownBy(() -> new Rule(Optional.empty(), Set.of(), Set.of(RunState.FAILED), Duration.ofDays(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("age is PT-24H, expected 0 or more");
    }
}
