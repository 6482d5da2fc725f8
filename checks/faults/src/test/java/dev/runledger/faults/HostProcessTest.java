package dev.runledger.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Counts until it is killed, or up to its argument. */
    static final class Counting {
        public static void main(String[] args) {
            long end = args.length == 0 ? Long.MAX_VALUE : Long.parseLong(args[0]);
            System.err.println("started");
            for (long i = 0; i < end; i++) {
                System.out.println("line " + i);
            }
            System.out.print("half a li");
            System.out.flush();
            Runtime.getRuntime().halt(3);
        }
    }

    @Test
    void aKilledChildLeavesItsWholeLinesInOrder() {
        try (HostProcess host = HostProcess.start(Counting.class)) {
            assertThat(host.awaitLine(line -> line.equals("line 500"), LIMIT)).isEqualTo("line 500");
            host.kill();
            assertThat(host.alive()).isFalse();
            List<String> lines = host.lines();
            assertThat(lines).hasSizeGreaterThan(500);
            for (int i = 0; i < lines.size(); i++) {
                assertThat(lines.get(i)).isEqualTo("line " + i);
            }
        }
    }

    @Test
    void aLineWithoutItsEndIsNoLine() {
        try (HostProcess host = HostProcess.start(Counting.class, "2")) {
            assertThat(host.awaitExit(LIMIT)).isEqualTo(3);
            assertThat(host.lines()).containsExactly("line 0", "line 1");
            assertThat(host.errors()).contains("started");
            assertThatThrownBy(() -> host.awaitLine("line 2"::equals, LIMIT)).hasMessageContaining("No such line");
        }
    }
}
