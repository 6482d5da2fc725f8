package dev.runledger.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReservedNamesTest {
    @Test
    void fieldNamesAreLettersDigitsAndThreeSigns() {
        assertThat(ReservedNames.isName("prNumber")).isTrue();
        assertThat(ReservedNames.isName("pr.number-1_a")).isTrue();
        for (String bad : new String[] {"", "1a", "a b", "a\n", "@x", "ä", "a".repeat(129)}) {
            assertThat(ReservedNames.isName(bad)).as(bad).isFalse();
        }
    }
}
