package dev.runledger.benchmarks;

import java.util.Arrays;

/** The command: {@code tell [turns]}, which is the default, {@code sinks [turns]}, or {@code store [turns] [seconds] [databases]}. */
public final class Benchmarks {
    private Benchmarks() {}

    /** Takes which benchmark, and then its own arguments. */
    public static void main(String[] arguments) throws Exception {
        String which = arguments.length == 0 ? "tell" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (which) {
            case "tell" -> Compare.tell(rest);
            case "sinks" -> Compare.sinks(rest);
            case "store" -> StoreCompare.main(rest);
            default ->
                throw new IllegalArgumentException("benchmark is '%s', expected tell, sinks or store".formatted(which));
        }
    }
}
