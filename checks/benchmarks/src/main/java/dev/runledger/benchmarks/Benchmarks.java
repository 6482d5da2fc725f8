package dev.runledger.benchmarks;

import java.util.Arrays;

/**
 * The command: {@code emission [turns]}, which is the default, {@code sinks [turns]}, {@code peers [turns] [callers] [seconds] [databases]},
 * {@code reads [runs] [databases]}, {@code indexes [runs]}, {@code held [turns] [callers] [seconds]}, {@code bulk [turns] [runs]},
 * {@code slow [turns] [transitions] [stores]} or {@code retention [runs] [turns] [seconds]}.
 */
public final class Benchmarks {
    private Benchmarks() {}

    /** Runs the benchmark that the first argument names, with the others. */
    public static void main(String[] arguments) throws Exception {
        String which = arguments.length == 0 ? "emission" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (which) {
            case "emission" -> Compare.emission(rest);
            case "sinks" -> Compare.sinks(rest);
            case "peers" -> PeerCompare.main(rest);
            case "reads" -> ReadCompare.main(rest);
            case "indexes" -> IndexCompare.main(rest);
            case "held" -> HeldCompare.main(rest);
            case "bulk" -> BulkCompare.main(rest);
            case "slow" -> SlowSinkCompare.main(rest);
            case "retention" -> RetentionCompare.main(rest);
            default ->
                throw new IllegalArgumentException(
                        "benchmark is '%s', expected emission, sinks, peers, reads, indexes, held, bulk, slow or retention"
                                .formatted(which));
        }
    }
}
