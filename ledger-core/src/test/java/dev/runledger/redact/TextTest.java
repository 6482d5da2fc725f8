package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void aCleanTextIsTheVerySame() {
        String text = "grüße, 世界 🚀 #42";
        assertThat(Text.clean(text, 100)).isSameAs(text);
    }

    @Test
    void linesBecomeOneAndControlsGo() {
        assertThat(Text.clean("a\r\nb\nc\td\u0085e\u2028f\u2029g", 100)).isEqualTo("a b c d e f g");
        assertThat(Text.clean("a\u001B[31mb\bc\u0000d\u007Fe\u202Ef\u2066g\uFEFFh\u200Fi", 100))
                .isEqualTo("a[31mbcdefghi");
    }

    @Test
    void halfPairsAreReplacedAndNoPairIsHalved() {
        assertThat(Text.clean("a\uD83Db", 100)).isEqualTo("a\uFFFDb");
        assertThat(Text.clean("a\uDE80b", 100)).isEqualTo("a\uFFFDb");
        assertThat(Text.clean("ab\uD83D\uDE80", 3)).isEqualTo("ab");
        assertThat(Text.clean("ab\uD83D\uDE80", 4)).isEqualTo("ab\uD83D\uDE80");
    }

    @Test
    void whateverComesInOneHarmlessLineComesOut() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                text.append((char) random.nextInt(0x10000));
            }
            String clean = Text.clean(text.toString(), 30);
            assertThat(clean.length()).isLessThanOrEqualTo(30);
            assertThat(clean.codePoints()).noneMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF));
            assertThat(Text.clean(clean, 30)).isSameAs(clean);
        }
    }
}
